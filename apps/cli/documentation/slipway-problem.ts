import { CommanderError } from "commander";
import type { Command } from "../src/command.ts";
import { commandProgram } from "../src/command-program.ts";

/**
 * Lets the command line's own parser read what a document tells people to type.
 *
 * @param words - those after `slipway`
 * @returns what it says of them; undefined where it would run them
 */
export function slipwayProblem(words: readonly string[], known: readonly Command[]): string | undefined {
  const said: string[] = [];
  let isRun = false;
  const program = commandProgram(known, { writeOut: () => {}, writeErr: (text) => said.push(text) }, async () => {
    isRun = true;
  });
  try {
    // What an action begins with is done before this returns: here that is all of it.
    program.parse([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    if (error.code === "commander.helpDisplayed") {
      return undefined;
    }
    // With a group's name only it shows what there is.
    said.push(error.code === "commander.help" ? "names no command" : error.message);
  }
  return isRun ? undefined : (said.at(-1) ?? "names no command").replace(/^error: /, "").split("\n")[0];
}
