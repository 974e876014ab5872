import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "./command.ts";

const WORD = /^[a-z]+(-[a-z]+)*$/;

/**
 * The commands that a parser of these words has to know: the one that is typed, alone, because to load all others takes as long as its own
 * work; and all of them for whatever begins as none does, such as `--help`, a group, or a slip.
 */
export async function typedCommands(argv: readonly string[]): Promise<readonly Command[]> {
  for (const words of [argv.slice(0, 2), argv.slice(0, 1)]) {
    const command = words.every((word) => WORD.test(word)) ? await commandCalled(words.join(" ")) : undefined;
    if (command !== undefined) {
      return [command];
    }
  }
  return (await import("./commands.ts")).commands;
}

/** By the file that each command has. */
async function commandCalled(name: string): Promise<Command | undefined> {
  const file = new URL(`commands/${name.replaceAll(" ", "-")}.ts`, import.meta.url);
  if (name === "" || !existsSync(fileURLToPath(file))) {
    return undefined;
  }
  const exported: Readonly<Record<string, unknown>> = await import(file.href);
  return Object.values(exported).find((value): value is Command => isCommand(value) && value.name === name);
}

function isCommand(value: unknown): value is Command {
  return typeof value === "object" && value !== null && "name" in value && "run" in value;
}
