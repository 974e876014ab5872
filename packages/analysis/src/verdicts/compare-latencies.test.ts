import { verdictSchema } from "@slipway/contracts";
import { describe, expect, it, test } from "vitest";
import { compareLatencies, type LatencyCounts } from "./compare-latencies.ts";
import { latencyThresholds } from "./latency-thresholds.ts";

const thresholds = latencyThresholds({ p50: 20, p95: 80, p99: 200 });

/** Counts above 30, 120 and 300 ms, as CloudWatch's `TC(30:)`, `TC(120:)` and `TC(300:)` give them. */
function counts(total: number, ...above: readonly number[]): LatencyCounts {
  return { total, above: above.map((count, index) => ({ milliseconds: [30, 120, 300][index] ?? 0, count })) };
}

const baseline = counts(1800, 540, 45, 9);

describe("compareLatencies", () => {
  test.each([
    ["as fast", counts(200, 60, 5, 1), "successful"],
    ["faster", counts(200, 0, 0, 0), "successful"],
    ["all five times slower", counts(200, 190, 100, 70), "failed"],
    ["with a slow twentieth", counts(200, 65, 12, 10), "failed"],
    ["with an end that may be chance", counts(200, 60, 5, 4), "inconclusive"],
    ["with two slow ones", counts(200, 60, 5, 2), "successful"],
    ["a little slower", counts(200, 75, 7, 1), "successful"],
    ["with few requests", counts(20, 20, 20, 20), "inconclusive"],
    ["with too few to show it", counts(60, 18, 1, 0), "inconclusive"],
  ])("a candidate that is %s: %j is %s", (_name, candidate, status) => {
    const verdict = compareLatencies({ thresholds, baseline, candidate });

    expect(verdict, verdict.reason).toMatchObject({ status });
    expect(verdictSchema.parse(verdict)).toEqual(verdict);
  });

  it("says above which threshold, and how many", () => {
    const { reason, numbers } = compareLatencies({ thresholds, baseline, candidate: counts(200, 65, 12, 10) });

    expect(reason).toBe(
      "10 of 200 requests (5 %) took longer than 300 ms (1.5 times p99 of the baseline) on the candidate against 9 of 1,800 (0.5 %) on the baseline; chance alone does this in 0.00033 % of cases (limit 0.33 %), and as fast as the baseline means at most 1 %.",
    );
    expect(numbers).toMatchObject({
      p99ThresholdMs: 300,
      p99CandidateAbove: 10,
      p99BaselineAbove: 9,
      p95CandidateAbove: 12,
    });
  });

  it("passes with fewer requests where only a larger share of slow ones has to be found", () => {
    const few = { baseline: counts(60, 18, 1, 0), candidate: counts(60, 18, 1, 0), thresholds };
    expect(compareLatencies(few)).toMatchObject({ status: "inconclusive", numbers: { p99Power: expect.any(Number) } });
    expect(compareLatencies(few, { mustFind: 0.3 }).status).toBe("successful");
    expect(() => compareLatencies(few, { mustFind: 2 })).toThrow("mustFind");
  });

  it("is inconclusive when it is not known how fast the baseline is", () => {
    const verdict = compareLatencies({ thresholds: [], baseline: counts(1800), candidate: counts(200) });

    expect(verdict).toMatchObject({
      status: "inconclusive",
      reason: "200 requests on the candidate and 1,800 on the baseline; it is not known how fast the baseline is.",
    });
  });

  test.each([
    ["a threshold that was not counted", counts(200, 60, 5), "candidate has no count above 300 ms"],
    ["more than all", counts(200, 60, 5, 201), "above 300 ms, candidate.events is 201, more than its total of 200"],
    ["NaN", counts(200, 60, Number.NaN, 1), "above 120 ms, candidate.events is NaN, which is no count"],
    ["no total", counts(Number.NaN, 0, 0, 0), "candidate.total is NaN, which is no count"],
  ])("%s is an error of the measurement", (_name, candidate, problem) => {
    expect(compareLatencies({ thresholds, baseline, candidate })).toMatchObject({
      status: "error",
      reason: `The measurement cannot be judged: ${problem}.`,
    });
  });

  it("keeps its false alarms over several looks", () => {
    const earlier = [{ baseline: counts(900, 270, 22, 4), candidate: counts(100, 30, 2, 1) }];
    const { numbers } = compareLatencies(
      { thresholds, baseline, candidate: counts(200, 60, 5, 1), earlier },
      { looks: 2 },
    );

    expect(numbers).toMatchObject({ look: 2, looks: 2 });
    expect(numbers.p99ProbabilityLimit).toBeLessThan(0.01 / 3);
  });

  it("refuses a policy that makes no sense", () => {
    expect(() => compareLatencies({ thresholds, baseline, candidate: baseline }, { looks: -1 })).toThrow(
      new RangeError("compareLatencies: looks is -1. It has to be a whole number from 1."),
    );
  });
});

describe("latencyThresholds", () => {
  it("leaves out what is not known", () => {
    expect(latencyThresholds({ p99: 200 }, 2)).toEqual([{ milliseconds: 400, quantile: 0.99, slower: 2 }]);
  });

  it("refuses what is no latency and no factor", () => {
    expect(() => latencyThresholds({ p99: Number.NaN })).toThrow("p99 is NaN");
    expect(() => latencyThresholds({}, 0.9)).toThrow("slower is 0.9. It has to be a number from 1.");
  });
});
