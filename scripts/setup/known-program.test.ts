import { copyFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { learnProgram } from "./known-program.mjs";
import { temporaryFolder, writeFile } from "./test/temporary-folder.ts";

test("a program is asked once, and again when its file changed", async () => {
  const path = join(temporaryFolder(), "program");
  copyFileSync("/bin/true", path);
  const ask = vi.fn(async () => "1.0.0");

  const first = await learnProgram(path, undefined, ask);
  const second = await learnProgram(path, first, ask);
  expect(second).toEqual(first);
  expect(ask).toHaveBeenCalledTimes(1);

  utimesSync(path, 1, 1);
  await learnProgram(path, first, ask);
  expect(ask).toHaveBeenCalledTimes(2);
});

test("a script is asked every time: a version manager's shim stays the same file", async () => {
  const path = writeFile(join(temporaryFolder(), "shim"), "#!/bin/sh\n", 0o755);
  const ask = vi.fn(async () => "1.0.0");

  await learnProgram(path, await learnProgram(path, undefined, ask), ask);

  expect(ask).toHaveBeenCalledTimes(2);
});
