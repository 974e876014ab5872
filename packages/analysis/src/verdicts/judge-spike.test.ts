import { verdictSchema } from "@slipway/contracts";
import { describe, expect, it, test } from "vitest";
import { judgeSpike } from "./judge-spike.ts";

const MINUTE = 60_000;

describe("judgeSpike", () => {
  test.each([
    [0, 0, 5, 5, "successful", "0 errors in 5 min against 0 expected (0 in 5 min before); a spike begins at 7."],
    [
      3,
      30,
      60,
      5,
      "failed",
      "30 errors in 5 min against 0.25 expected (3 in 1 h before); chance alone does this in less than 0.0001 % of cases (limit 1 %), and it is 120 times as many (limit 2).",
    ],
    [
      0,
      5,
      60,
      5,
      "failed",
      "5 errors in 5 min against 0 expected (0 in 1 h before); chance alone does this in 0.00027 % of cases (limit 1 %).",
    ],
    [0, 4, 60, 5, "successful", "4 errors in 5 min against 0 expected (0 in 1 h before); a spike begins at 5."],
    [
      1000,
      1100,
      60,
      60,
      "successful",
      "1,100 errors in 1 h against 1,000 expected (1,000 in 1 h before); a spike begins at 2,000.",
    ],
    [100, 100, 60, 5, "failed", undefined],
    [0, 3, 1, 60, "inconclusive", undefined],
  ])("%d before and %d now, in %d and %d minutes", (before, now, minutesBefore, minutesNow, status, reason) => {
    const durations = { before: minutesBefore * MINUTE, now: minutesNow * MINUTE };
    const verdict = judgeSpike({ before, now, durations });

    expect(verdict, verdict.reason).toMatchObject({ status, ...(reason === undefined ? {} : { reason }) });
    expect(verdictSchema.parse(verdict)).toEqual(verdict);
  });

  test.each([
    [
      { before: 1_000, now: 4_000 },
      "successful",
      "120 errors in 1 h and 4,000 calls against 120 expected (30 in 1 h and 1,000 calls before); a spike begins at 240.",
    ],
    [
      { before: 4_000, now: 1_000 },
      "failed",
      "120 errors in 1 h and 1,000 calls against 7.5 expected (30 in 1 h and 4,000 calls before); chance alone does this in less than 0.0001 % of cases (limit 1 %), and it is 16 times as many (limit 2).",
    ],
    // Nobody can say how many errors come of no call.
    [{ before: 0, now: 1_000 }, "failed", undefined],
  ])("errors are expected in proportion to what they come of: %j", (counts, status, reason) => {
    const durations = { before: 60 * MINUTE, now: 60 * MINUTE };
    const verdict = judgeSpike({ before: 30, now: 120, durations, units: { ...counts, name: "calls" } });

    expect(verdict, verdict.reason).toMatchObject({ status, ...(reason === undefined ? {} : { reason }) });
    expect(verdictSchema.parse(verdict)).toEqual(verdict);
  });

  test.each([
    [{ before: -1, now: 0, durations: { before: 1, now: 1 } }, "before is -1, which is no count"],
    [{ before: 0, now: 0.5, durations: { before: 1, now: 1 } }, "now is 0.5, which is no count"],
    [{ before: 0, now: 0, durations: { before: 0, now: 1 } }, "durations.before is 0, which is no length of time"],
    [
      { before: 0, now: 0, durations: { before: 1, now: Number.NaN } },
      "durations.now is NaN, which is no length of time",
    ],
    [
      { before: 0, now: 0, durations: { before: 1, now: 1 }, units: { before: 0.5, now: 1, name: "calls" } },
      "units.before is 0.5, which is no count",
    ],
  ])("%j is an error of the measurement", (question, problem) => {
    expect(judgeSpike(question)).toMatchObject({
      status: "error",
      reason: `The measurement cannot be judged: ${problem}.`,
    });
  });

  it("refuses a policy that makes no sense", () => {
    expect(() => judgeSpike({ before: 0, now: 0, durations: { before: 1, now: 1 } }, { minimumRatio: 0 })).toThrow(
      new RangeError("judgeSpike: minimumRatio is 0. It has to be a number from 1."),
    );
  });
});
