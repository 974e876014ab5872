import { expect, test } from "vitest";
import { commands } from "./commands.ts";
import { typedCommands } from "./typed-commands.ts";

test("each command is found by its words, alone, whatever comes after them", async () => {
  for (const command of commands) {
    const words = command.name.split(" ");
    expect(await typedCommands([...words, "prod", "--help"])).toEqual([command]);
    expect(await typedCommands(words)).toEqual([command]);
  }
});

test.each([
  [],
  ["--help"],
  ["help", "status"],
  ["local"],
  ["local", "--help"],
  ["local", "strat"],
  ["statsu", "prod"],
  // The file's name is not what is typed.
  ["local-start"],
  ["../main"],
  ["alarms.test"],
])("%s is for the parser that knows all commands", async (...argv) => {
  expect(await typedCommands(argv)).toBe(commands);
});
