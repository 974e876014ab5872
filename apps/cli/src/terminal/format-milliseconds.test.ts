import { expect, test } from "vitest";
import { formatMilliseconds } from "./format-milliseconds.ts";

test.each([
  [0, "0 ms"],
  [0.433, "0.43 ms"],
  [4, "4 ms"],
  [9.994, "9.99 ms"],
  [9.996, "10 ms"],
  [38.87, "39 ms"],
  [999.4, "999 ms"],
  [999.6, "1.00 s"],
  [1656.78, "1.66 s"],
  [29_000, "29.0 s"],
  [900_000, "900.0 s"],
])("%d is %s", (milliseconds, text) => {
  expect(formatMilliseconds(milliseconds)).toBe(text);
});
