import { expect, test } from "vitest";
import { Progress, wantsColour } from "./progress.mjs";

function record(colour: boolean) {
  let output = "";
  let now = 0;
  const progress = new Progress({ write: (text) => (output += text), colour, now: () => now });
  return { progress, pass: (ms: number) => (now += ms), output: () => output };
}

test("a step says what it does, what came of it, and how long it took", async () => {
  const { progress, pass, output } = record(false);

  const result = await progress.step(
    "Terraform",
    "fetching it",
    async () => pass(1_250),
    (value) => `got ${value}`,
  );

  expect(result).toBe(1_250);
  expect(output()).toBe(
    "Setting up Slipway (once; the next time this takes no time)\n" +
      "  Terraform      fetching it ...\n" +
      "  Terraform      got 1250 (1.3 s)\n",
  );
});

test("a step that fails says so, and the error goes on", async () => {
  const { progress, output } = record(false);

  await expect(progress.step("npm", "npm ci", () => Promise.reject(new Error("no")))).rejects.toThrow("no");

  expect(output()).toContain("  npm            failed (0.0 s)\n");
});

test("colour only where it is wanted", async () => {
  const plain = record(false);
  const coloured = record(true);
  const controlCode = "\u001b[";

  await plain.progress.step("a", "b", async () => {});
  await coloured.progress.step("a", "b", async () => {});

  expect(plain.output()).not.toContain(controlCode);
  expect(coloured.output()).toContain(controlCode);
});

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: "1" }, false],
  [true, { NO_COLOR: "" }, true],
  [true, { TERM: "dumb" }, false],
])("terminal %s with %j wants colour: %s", (isTTY, env, expected) => {
  expect(wantsColour({ isTTY } as NodeJS.WriteStream, env)).toBe(expected);
});
