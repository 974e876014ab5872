import { expect, test } from "vitest";
import { compareRounds } from "./compare-rounds.ts";

const names = { name: "PutItem per second", unit: "requests per second" };

test("compares within each round, and takes the median of that", () => {
  // The third round was slow for both sides: it says as much as the others.
  const figure = compareRounds({
    ...names,
    ours: [90, 80, 10],
    reference: [100, 100, 10],
    comparison: "ratio",
    target: { is: "at least", value: 0.8 },
  });

  expect(figure).toEqual({
    ...names,
    ...{ ours: 80, reference: 100, comparison: "ratio", value: 0.9, lowest: 0.8, highest: 1 },
    ...{ target: { is: "at least", value: 0.8 }, met: true },
  });
});

test.each([
  ["difference", 3],
  ["ours", 5],
  ["ratio", 2.5],
] as const)("%s", (comparison, value) => {
  expect(compareRounds({ ...names, ours: [5], reference: [2], comparison }).value).toBe(value);
});

test.each([
  ["at least", 2, true],
  ["at least", 1.99, false],
  ["at most", 2, true],
  ["at most", 2.01, false],
  ["under", 1.99, true],
  ["under", 2, false],
] as const)("a target of %s 2 and a value of %d", (is, value, met) => {
  expect(
    compareRounds({ ...names, ours: [value], reference: [0], comparison: "ours", target: { is, value: 2 } }).met,
  ).toBe(met);
});

test("a figure without a target is neither met nor missed", () => {
  expect(compareRounds({ ...names, ours: [1], reference: [1], comparison: "ratio" })).not.toHaveProperty("met");
});

test.each([
  ["no rounds", [], []],
  ["a round with one side only", [1, 2], [1]],
  ["a value that is none", [Number.NaN], [1]],
])("%s is an error, not a pass", (_name, ours, reference) => {
  expect(() => compareRounds({ ...names, ours, reference, comparison: "ratio" })).toThrow("cannot be compared");
});
