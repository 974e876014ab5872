import { expect, test } from "vitest";
import { runSlipway } from "../test/run-slipway.ts";

test("a path that there is not is refused, with those that there are", async () => {
  const { code, stderr } = await runSlipway(["drill", "prod", "--only", "code,luck"]);

  expect(code).toBe(2);
  expect(stderr).toContain(
    "--only: there is no path 'luck'. There are code, infrastructure, restore, undo, backup, state",
  );
});

test("no path at all is refused: a drill of nothing would have passed", async () => {
  for (const only of ["", ","]) {
    const { code, stderr } = await runSlipway(["drill", "prod", "--only", only]);

    expect([only, code]).toEqual([only, 2]);
    expect(stderr).toContain("--only: names no path. There are code, infrastructure, restore, undo, backup, state");
  }
});
