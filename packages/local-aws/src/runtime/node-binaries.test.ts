import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createNodeFinder } from "./node-binaries.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "node-binaries-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An executable that says it is some version of Node.js. */
function fakeNode(name: string, version: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho ${version}\n`);
  chmodSync(path, 0o755);
  return path;
}

const finder = (env: Record<string, string> = {}) =>
  createNodeFinder({ execPath: "/opt/own/node", version: "22.1.0", env: { PATH: folder, ...env } });

test("the process's own Node.js runs functions of its major version", async () => {
  expect(await finder()(22)).toBe("/opt/own/node");
});

test("others are found by variable, then on the PATH, by what they say they are", async () => {
  const own = fakeNode("mine", "v20.1.0");
  fakeNode("nodejs", "v18.2.0");
  const twenty = fakeNode("node", "v20.3.0");

  expect(await finder()(20)).toBe(twenty);
  expect(await finder()(18)).toBe(join(folder, "nodejs"));
  expect(await finder({ SLIPWAY_NODE20: own })(20)).toBe(own);
});

test("what is missing is named, with what to do, and looked for again the next time", async () => {
  const find = finder();

  await expect(find(20)).rejects.toThrow(/nodejs20\.x needs Node\.js 20.*set SLIPWAY_NODE20.*nodejs22\.x/);
  const installed = fakeNode("node20", "v20.0.0");
  expect(await find(20)).toBe(installed);
});

test.each([
  ["is another version", "v18.0.0", /SLIPWAY_NODE20 names .*, which is Node\.js 18/],
  ["is no Node.js", "hello", /SLIPWAY_NODE20 names .*, which cannot be run/],
])("a variable whose executable %s is an error", async (_what, version, message) => {
  const path = fakeNode("wrong", version);
  fakeNode("node", "v20.0.0");

  await expect(finder({ SLIPWAY_NODE20: path })(20)).rejects.toThrow(message);
});
