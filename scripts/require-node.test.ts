import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { runTool } from "./setup/run-tool.mjs";

const program = join(import.meta.dirname, "require-node.mjs");

/** Loads the check in a Node that claims to be of the given version. */
function runOn(version: string) {
  const claim = `Object.defineProperty(process, "versions", { value: { node: "${version}" } }); await import("${program}");`;
  return runTool(process.execPath, ["--input-type=module", "-e", claim]);
}

test("an old Node is told what to do, without a stack", async () => {
  const { code, stderr } = await runOn("18.20.4");

  expect(code).toBe(1);
  expect(stderr).toMatch(/^Set-up stopped: Node\.js 18\.20\.4 is too old\.\n {2}Why: .*\n {2}Next: .*npm start\n$/);
});

test.each(["20.0.0", "22.23.3", "100.0.0"])("Node %s will do", async (version) => {
  expect(await runOn(version)).toMatchObject({ code: 0, stderr: "" });
});

test("the number is the one that package.json promises", () => {
  const { engines } = JSON.parse(readFileSync(resolve(import.meta.dirname, "../package.json"), "utf8"));
  const oldest = /oldest = (\d+)/.exec(readFileSync(program, "utf8"))?.[1];

  expect(engines.node).toBe(`>=${oldest}.0.0`);
});
