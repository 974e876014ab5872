import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readShellBlocks } from "./read-shell-blocks.ts";

/** A command of the original guide. */
export interface OriginalCommand {
  /** The headings above it, as in `original-commands.md`. */
  readonly section: string;
  /** With its line breaks. */
  readonly command: string;
}

/** Every command that the original guide tells its readers to type, in its order: those in blocks, and those that lines of its checklist name. */
export function readOriginalCommands(): readonly OriginalCommand[] {
  const file = readFileSync(join(import.meta.dirname, "original-commands.md"), "utf8");
  return file
    .split(/^## /m)
    .slice(1)
    .flatMap((text) => {
      const [original = ""] = text.split(/^### Corrected$/m);
      const section = original.slice(0, original.indexOf("\n"));
      const ticked = [...original.matchAll(/^- \[ \] .*`(.+)`$/gm)].map(([, command = ""]) => command);
      const typed = readShellBlocks(original).flatMap(({ commands }) => commands);
      return [...ticked, ...typed].map((command) => ({ section, command }));
    });
}
