import { join } from "node:path";
import { expect, it } from "vitest";
import { commands } from "./commands.ts";
import { runCli } from "./run-cli.ts";

/** What `slipway WORDS --help` prints on a terminal of 80 columns. */
async function help(words: readonly string[]): Promise<string> {
  let text = "";
  const code = await runCli([...words, "--help"], {
    ...{ stdout: { write: (part: string) => (text += part) }, stderr: { write: (part: string) => (text += part) } },
    ...{ env: {}, cwd: import.meta.dirname, isTty: false, columns: 80, signal: new AbortController().signal },
  });
  expect(code).toBe(0);
  return text;
}

const golden = (name: string) => join(import.meta.dirname, "test/help", `${name}.txt`);

it("is what people have read before: all commands", async () => {
  await expect(await help([])).toMatchFileSnapshot(golden("slipway"));
});

it.each(commands.map(({ name }) => name))("is what people have read before: slipway %s", async (name) => {
  await expect(await help(name.split(" "))).toMatchFileSnapshot(golden(name.replaceAll(" ", "-")));
});

it.each(commands)("shows how $name is used, and what with it is said fits a terminal", async (command) => {
  // Nobody needs an example for what takes nothing.
  const takesSomething = (command.arguments ?? []).length > 0;
  expect(takesSomething && (command.examples ?? []).length === 0).toBe(false);
  for (const line of (await help(command.name.split(" "))).split("\n")) {
    expect(line.length <= 80 || /^ {2}\S/.test(line), line).toBe(true);
  }
});
