import { readFileSync } from "node:fs";
import { join } from "node:path";

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
  const file = readFileSync(join(import.meta.dirname, "monitoring-commands.md"), "utf8");
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

/** A command ends where a line does not end with a backslash. */
function commandsOf({ language, text }: Block): string[] {
  if (language !== "bash") {
    return [];
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const commands: string[] = [];
  let isOpen = false;
  for (const line of lines) {
    if (isOpen) {
      commands.push(`${commands.pop()}\n${line}`);
    } else {
      commands.push(line);
    }
    isOpen = line.endsWith("\\");
  }
  return commands;
}
