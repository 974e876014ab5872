import { expect, test } from "vitest";
import { binOf, middleOf } from "./decimal-bins.ts";

test.each([0.001, 0.29, 0.3, 1, 2.5, 9.99, 10, 99.9, 100, 101, 300, 999, 1000, 1e6, 123e9])(
  "%d is the upper edge of its bin",
  (edge) => {
    expect(middleOf(binOf(edge))).toBeLessThan(edge);
    expect(binOf(edge * 1.00001)).toBe(binOf(edge) + 1);
    expect(middleOf(binOf(edge) + 1)).toBeGreaterThan(edge);
  },
);

test("the middle of a bin is within half a percent of what falls into it, and bins are in the order of values", () => {
  let before = 0;
  let furthest = 0;
  let inOrder = true;
  for (let value = 1e-6; value < 1e12; value *= 1.0003) {
    const bin = binOf(value);
    furthest = Math.max(furthest, Math.abs(middleOf(bin) - value) / value);
    inOrder &&= bin >= before;
    before = bin;
  }
  expect(furthest).toBeLessThanOrEqual(0.005);
  expect(inOrder).toBe(true);
  expect([binOf(0), middleOf(0)]).toEqual([0, 0]);
  expect(binOf(2 ** 360)).toBeGreaterThan(before);
  expect(binOf(5e-324)).toBe(0);
});
