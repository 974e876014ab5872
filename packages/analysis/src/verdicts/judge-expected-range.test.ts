import { describe, expect, it, test } from "vitest";
import { type ExpectedRange, judgeExpectedRange } from "./judge-expected-range.ts";

const range: ExpectedRange = { name: "the cost per month", unit: "USD", highest: 10, lowest: 1 };

describe("judgeExpectedRange", () => {
  test.each([
    [3, "successful", "The cost per month is 3 USD; 1 to 10 USD is expected."],
    [1, "successful", "The cost per month is 1 USD; 1 to 10 USD is expected."],
    [10, "successful", "The cost per month is 10 USD; 1 to 10 USD is expected."],
    [12.345, "failed", "The cost per month is 12.35 USD; 1 to 10 USD is expected, 2.35 less."],
    [
      0.3,
      "inconclusive",
      "The cost per month is 0.3 USD; 1 to 10 USD is expected: so little may mean that not all was measured.",
    ],
    [undefined, "inconclusive", "The cost per month is not known; 1 to 10 USD is expected."],
    [Number.NaN, "error", "The measurement cannot be judged: the cost per month is NaN."],
  ])("%d is %s", (value, status, reason) => {
    expect(judgeExpectedRange(value, range)).toMatchObject({ status, reason });
  });

  it("needs no lowest value", () => {
    expect(judgeExpectedRange(0, { name: "the cost", unit: "USD", highest: 2_500 })).toEqual({
      status: "successful",
      reason: "The cost is 0 USD; at most 2,500 USD is expected.",
      numbers: { value: 0, highest: 2_500 },
    });
  });

  it.each([{ highest: Number.NaN }, { lowest: 11 }])("refuses %j", (change) => {
    expect(() => judgeExpectedRange(1, { ...range, ...change })).toThrow(RangeError);
  });
});
