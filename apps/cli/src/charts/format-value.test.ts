import { expect, test } from "vitest";
import { formatValue, type Unit } from "./format-value.ts";

test.each<[number, Unit, string]>([
  [0, "count", "0"],
  [1234567, "count", "1,234,567"],
  [12.3456, "count", "12.3"],
  [0.5, "%", "0.5 %"],
  [0.00042, "%", "4.2e-4 %"],
  [100, "%", "100 %"],
  [99.96, "%", "99.96 %"],
  [99.9999, "%", "99.99 %"],
  [82.4, "ms", "82.4 ms"],
  [9999, "ms", "9,999 ms"],
  [12_345, "ms", "12.3 s"],
  [7200, "s", "2 h"],
  [59, "s", "59 s"],
  [1536, "bytes", "1.5 KB"],
  [-6.6666, "", "-6.67"],
])("%d %s is %s", (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text);
});
