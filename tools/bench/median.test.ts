import { expect, test } from "vitest";
import { median } from "./median.ts";

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[10, 9, 2, 1], 5.5],
  [[100, 20, 3], 20],
])("median of %j is %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

test("no values have no median", () => {
  expect(() => median([])).toThrow("no median");
});
