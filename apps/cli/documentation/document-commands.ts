import { readMarkdown } from "./read-markdown.ts";
import { type ShellCommand, shellCommands } from "./shell-commands.ts";

/** Languages of blocks that are typed into a shell. */
const SHELLS = new Set(["bash", "sh", "shell", "console"]);

/** A command that a document tells people to type. */
export interface DocumentCommand extends ShellCommand {
  /** Where it is typed, from where the reader began: `cd` moves on inside of a block. */
  readonly folder: string;
}

/**
 * The commands in the shell blocks of a Markdown file, with their lines there.
 *
 * @throws Error when a block is more of a shell than is read here
 */
export function documentCommands(source: string): readonly DocumentCommand[] {
  return readMarkdown(source)
    .blocks.filter(({ language }) => SHELLS.has(language))
    .flatMap(({ text, line: first }) => {
      let folder = ".";
      return shellCommands(text).map((command) => {
        const here = folder;
        if (command.words[0] === "cd") {
          folder = command.words[1] ?? ".";
        }
        return { ...command, folder: here, line: first + command.line - 1 };
      });
    });
}
