import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../support/repository.ts";
import { oneLine } from "./one-line.ts";

/**
 * Whether a command of the original guide is quoted in the list of corrections, in the column of what the original says. `...` in a quotation
 * stands for what is left out.
 */
export function readCorrectedCommands(): (command: string) => boolean {
  const file = readFileSync(join(repositoryRoot, "docs/guide/corrections.md"), "utf8");
  const rows = [...file.matchAll(/^\| (?<original>(?:[^|\\]|\\\|)+) \|/gm)];
  const quoted = rows.flatMap(({ groups: { original = "" } = {} }) =>
    [...original.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text.replaceAll("\\|", "|")),
  );
  const patterns = quoted.map((text) => new RegExp(`^${text.split("...").map(literally).join(".*")}$`));
  return (command) => patterns.some((pattern) => pattern.test(oneLine(command)));
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
