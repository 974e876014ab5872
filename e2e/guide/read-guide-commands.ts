import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shellLines } from "./read-shell-blocks.ts";

/** A section of {@link readGuideCommands}'s file. */
export interface GuideSection {
  /** Its block as it stands. */
  readonly text: string;
  /** The commands of the block, each with its line breaks. */
  readonly commands: readonly string[];
  /** The commands that correct it. */
  readonly corrected: readonly string[];
}

/** Reads the guide's blocks, by the last part of their headings (`Step 1: Detect Incident`). */
export function readGuideCommands(): ReadonlyMap<string, GuideSection> {
  const file = readFileSync(join(import.meta.dirname, "original-commands.md"), "utf8");
  const sections = file.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [original = "", correction = ""] = section.split(/^### Corrected$/m);
      const heading = original.slice(0, original.indexOf("\n"));
      const { text } = blockOf(original);
      return [
        heading.split(" > ").at(-1) ?? "",
        { text, commands: commandsOf(blockOf(original)), corrected: commandsOf(blockOf(correction)) },
      ];
    }),
  );
}

interface Block {
  readonly language: string;
  readonly text: string;
}

function blockOf(section: string): Block {
  const [, language = "", text = ""] = /^```(\w*)\n([\s\S]*?)^```$/m.exec(section) ?? [];
  return { language, text };
}

function commandsOf({ language, text }: Block): readonly string[] {
  return language === "bash" ? shellLines(text) : [];
}
