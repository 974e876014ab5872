import { verdictSchema } from "@slipway/contracts";
import { describe, expect, it, test } from "vitest";
import { judgeRate, type RatePolicy } from "./judge-rate.ts";

describe("judgeRate", () => {
  test.each([
    [
      0,
      3,
      0.01,
      "inconclusive",
      "0 of 3 requests (0 %) failed, and the limit is 1 %; too few to pass: 100 are needed, 97 more.",
    ],
    [0, 0, 0.01, "inconclusive", "0 of 0 requests failed: there is nothing to judge."],
    [
      0,
      100,
      0.01,
      "successful",
      "0 of 100 requests (0 %) failed, and the limit is 1 %; allowing for chance, the rate is at most 4.5 %.",
    ],
    [
      9,
      1000,
      0.01,
      "successful",
      "9 of 1,000 requests (0.9 %) failed, and the limit is 1 %; allowing for chance, the rate is at most 1.9 %.",
    ],
    [
      1,
      50,
      0.01,
      "inconclusive",
      "1 of 50 requests (2 %) failed, and the limit is 1 %; that may be chance: fewer than 3 prove nothing.",
    ],
    [
      2,
      2,
      0.01,
      "inconclusive",
      "2 of 2 requests (100 %) failed, and the limit is 1 %; that may be chance: fewer than 3 prove nothing.",
    ],
    [
      3,
      50,
      0.01,
      "inconclusive",
      "3 of 50 requests (6 %) failed, and the limit is 1 %; that may be chance: allowing for chance, the rate is at least 0.89 %.",
    ],
    [
      10,
      1000,
      0.01,
      "inconclusive",
      "10 of 1,000 requests (1 %) failed, and the limit is 1 %; that may be chance: allowing for chance, the rate is at least 0.41 %.",
    ],
    [
      4,
      50,
      0.01,
      "failed",
      "4 of 50 requests (8 %) failed, and the limit is 1 %; allowing for chance, the rate is at least 1.7 %.",
    ],
    [
      10_500,
      1_000_000,
      0.01,
      "failed",
      "10,500 of 1,000,000 requests (1.1 %) failed, and the limit is 1 %; allowing for chance, the rate is at least 1 %.",
    ],
    [
      0,
      20,
      0,
      "successful",
      "0 of 20 requests (0 %) failed, and none may; allowing for chance, the rate is at most 20.6 %.",
    ],
    [0, 19, 0, "inconclusive", "0 of 19 requests (0 %) failed, and none may; too few to pass: 20 are needed, 1 more."],
    [1, 500, 0, "failed", "1 of 500 requests (0.2 %) failed, and none may."],
  ])("%d of %d at a limit of %d is %s", (events, total, limit, status, reason) => {
    const verdict = judgeRate({ events, total }, { limit });

    expect(verdict).toMatchObject({ status, reason });
    expect(verdictSchema.parse(verdict)).toEqual(verdict);
  });

  test.each([
    [Number.NaN, 10, "sample.events is NaN, which is no count"],
    [-1, 10, "sample.events is -1, which is no count"],
    [11, 10, "sample.events is 11, more than its total of 10"],
  ])("%d of %d is an error of the measurement", (events, total, problem) => {
    expect(judgeRate({ events, total }, { limit: 0.01 })).toMatchObject({
      status: "error",
      reason: `The measurement cannot be judged: ${problem}.`,
    });
  });

  it("gives each look its part of the false alarms", () => {
    const at = (looks: number) => judgeRate({ events: 4, total: 50 }, { limit: 0.01, looks }).status;

    expect([at(1), at(10)]).toEqual(["failed", "inconclusive"]);
  });

  test.each([
    [{ limit: 1.5 }, "limit is 1.5. It has to be from 0 to 1."],
    [{ limit: 0.01, falseAlarms: 0.9 }, "falseAlarms is 0.9. It has to be above 0 and at most 0.5."],
    [{ limit: 0.01, minimumTotal: 0.5 }, "minimumTotal is 0.5. It has to be a whole number from 1."],
  ] satisfies [RatePolicy, string][])("refuses the policy %j", (policy, message) => {
    expect(() => judgeRate({ events: 0, total: 100 }, policy)).toThrow(new RangeError(`judgeRate: ${message}`));
  });
});
