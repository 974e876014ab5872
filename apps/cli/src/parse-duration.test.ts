import { expect, test } from "vitest";
import { parseDuration } from "./parse-duration.ts";

test.each([
  ["200ms", 200],
  ["30s", 30_000],
  ["5m", 300_000],
  ["1h30m", 5_400_000],
  ["7d", 604_800_000],
  ["1.5h", 5_400_000],
])("%s is %i milliseconds", (text, milliseconds) => {
  expect(parseDuration(text, "--delay")).toBe(milliseconds);
});

test.each(["", "5", "m", "5 m", "-5m", "5mm", "1h nonsense", "soon"])("'%s' is refused, naming the flag", (text) => {
  expect(() => parseDuration(text, "--delay")).toThrow(
    `--delay: '${text}' is no duration. Write it like 200ms, 30s, 5m, 1h30m or 7d.`,
  );
});
