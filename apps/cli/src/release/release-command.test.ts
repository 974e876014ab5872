import { describe, expect, test } from "vitest";
import { exitCodeOf, exitCodeOfRollback } from "./release-command.ts";

describe("the exit code of a command that releases", () => {
  test.each([
    ["planned", [], 0],
    ["nothing-to-do", ["pass", "due"], 0],
    // The same as what the first try said: nothing has been mended since.
    ["nothing-to-do", ["fail"], 1],
    ["live", [], 0],
    ["live", ["pass", "due", "due"], 0],
    ["live", ["pass", "unknown", "due"], 3],
    ["live", ["unknown", "fail"], 1],
    ["paused", [], 3],
    ["put-back", [], 1],
    ["failed", [], 1],
    ["interrupted", ["fail"], 130],
  ] as const)("%s with checkpoints %j is %i", (outcome, states, code) => {
    expect(
      exitCodeOf(
        outcome,
        states.map((state) => ({ state })),
      ),
    ).toBe(code);
  });

  test.each([
    ["live", "pass", 0, 0],
    ["live", "fail", 1, 1],
    ["live", "unknown", 2, 2],
    ["nothing-to-do", "fail", 1, 1],
    ["put-back", "pass", 1, 0],
    ["put-back", "fail", 1, 1],
    ["put-back", "unknown", 1, 2],
    ["paused", "pass", 3, 3],
  ] as const)("%s and verified %s is %i, and %i to who has asked for it", (outcome, verified, others, own) => {
    const code = exitCodeOf(outcome, [], verified);
    expect(code).toBe(others);
    expect(exitCodeOfRollback({ outcome, verified }, code)).toBe(own);
  });

  test("what a checkpoint has seen since counts for more than what was found right after the move", () => {
    expect(exitCodeOf("nothing-to-do", [{ state: "pass" }], "unknown")).toBe(0);
    expect(exitCodeOf("nothing-to-do", [{ state: "due" }], "unknown")).toBe(2);
    expect(exitCodeOf("live", [{ state: "pass" }, { state: "fail" }], "pass")).toBe(1);
  });
});
