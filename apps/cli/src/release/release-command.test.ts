import { describe, expect, test } from "vitest";
import { exitCodeOf } from "./release-command.ts";

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
});
