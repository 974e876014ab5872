import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../support/repository.ts";
import { oneLine } from "../one-line.ts";
import { readOriginalCommands } from "../read-original-commands.ts";
import { readShellBlocks } from "../read-shell-blocks.ts";
import { pages } from "./pages.ts";
import type { LeftOutCommand, WalkedCommand, WalkedPage } from "./walked-command.ts";

const GUIDE = join(repositoryRoot, "docs/guide");

/** A command as it stands in the guide, with what the walk has about it. */
export interface ReadCommand {
  /** The last heading above it. */
  readonly section: string;
  /** As it is written, with its line breaks. */
  readonly text: string;
  /** Whether a block begins with it. */
  readonly isFirst: boolean;
  readonly step: WalkedCommand | LeftOutCommand;
}

/** All pages of the guide that have commands. */
export function readGuidePages(): readonly string[] {
  return readdirSync(GUIDE).filter((file) => commandsOf(file).length > 0);
}

/**
 * Reads a page's commands, each with what the walk has about it.
 *
 * @throws Error where the page has a command that the walk knows nothing of, or the other way round
 */
export function readPage({ file, commands }: WalkedPage): readonly ReadCommand[] {
  const left = [...commandsOf(file)];
  let section = "";
  const read = commands.map((step): ReadCommand => {
    if ("original" in step && step.original) {
      return { section, text: originalOf(step.begins), isFirst: false, step };
    }
    const next = left.shift();
    if (next === undefined || !beginsWith(next.text, step.begins)) {
      const found = next === undefined ? "no more commands" : `'${oneLine(next.text)}' (${next.section})`;
      throw new Error(`docs/guide/${file} has ${found} where the walk has '${step.begins}'`);
    }
    section = next.section;
    return { ...next, step };
  });
  const [forgotten] = left;
  if (forgotten !== undefined) {
    throw new Error(
      `docs/guide/${file} has '${oneLine(forgotten.text)}' (${forgotten.section}), which nobody types: add it to e2e/guide/walk, with what it proves`,
    );
  }
  return read;
}

/** Commands of the original guide that the walk types as they are written. */
export function walkedOriginals(): ReadonlySet<string> {
  return new Set(
    pages.flatMap(({ commands }) =>
      commands.flatMap((step) => ("original" in step && step.original ? [oneLine(originalOf(step.begins))] : [])),
    ),
  );
}

/** Commands of the corrected guide that the walk types. */
export function walkedCommands(): ReadonlySet<string> {
  return new Set(
    pages.flatMap((page) => readPage(page).flatMap(({ text, step }) => ("leftOut" in step ? [] : [oneLine(text)]))),
  );
}

function commandsOf(file: string) {
  return readShellBlocks(readFileSync(join(GUIDE, file), "utf8")).flatMap(({ section, commands }) =>
    commands.map((text, index) => ({ section: section.at(-1) ?? "", text, isFirst: index === 0 })),
  );
}

function originalOf(begins: string): string {
  const originals = readOriginalCommands().map(({ command }) => command);
  const found =
    originals.find((command) => oneLine(command) === begins) ??
    originals.find((command) => beginsWith(command, begins));
  if (found === undefined) {
    throw new Error(`the original guide has no '${begins}'`);
  }
  return found;
}

/** What stands behind the words of a command, such as a comment, is not looked at where they end with blanks. */
function beginsWith(text: string, begins: string): boolean {
  return `${oneLine(text)} `.startsWith(begins.replace(/ {2,}$/, " "));
}
