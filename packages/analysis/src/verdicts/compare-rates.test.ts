import { verdictSchema } from "@slipway/contracts";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { compareRates, type RateComparison } from "./compare-rates.ts";
import type { RatePair } from "./rate-sample.ts";

/** `12/203 against 9/1802`. */
function pair(text: string): RatePair {
  const [events = 0, total = 0, other = 0, otherTotal = 0] = text.match(/\d+/g)?.map(Number) ?? [];
  return { candidate: { events, total }, baseline: { events: other, total: otherTotal } };
}

describe("compareRates", () => {
  test.each([
    ["12/203 against 9/1802", "failed"],
    ["3/200 against 0/1800", "failed"],
    ["200/200 against 0/1800", "failed"],
    ["0/200 against 0/1800", "successful"],
    ["2/200 against 9/1800", "successful"],
    ["0/200 against 90/1800", "successful"],
    // Two mishaps are no pattern, though chance alone would do this in less than 1 % of cases.
    ["2/200 against 0/1800", "successful"],
    // Hardly chance, and nobody would notice.
    ["2/1000000 against 1/1000000", "successful"],
    ["2000/1000000 against 1000/1000000", "successful"],
    ["60000/5000000 against 50000/5000000", "successful"],
    ["50000/5000000 against 5000/5000000", "failed"],
    // Bad, and perhaps chance.
    ["4/200 against 9/1800", "inconclusive"],
    // Too few, however bad.
    ["20/20 against 0/180", "inconclusive"],
    ["2/2 against 0/18", "inconclusive"],
    ["0/200 against 0/0", "inconclusive"],
    ["0/0 against 0/0", "inconclusive"],
    // Enough to be judged, and too few to have shown a rise by 5 points.
    ["0/60 against 0/540", "inconclusive"],
    // The baseline is so small that chance explains nearly everything.
    ["100/2000 against 0/50", "inconclusive"],
    // Where most fail anyway, more cannot be one and a half times as many.
    ["100/100 against 70/100", "failed"],
    ["95/100 against 70/100", "failed"],
  ])("%s is %s", (text, status) => {
    const verdict = compareRates(pair(text));

    expect(verdict, verdict.reason).toMatchObject({ status });
    expect(verdictSchema.parse(verdict)).toEqual(verdict);
  });

  it("says what it saw, and the limits", () => {
    const { reason, numbers } = compareRates(pair("7/203 against 9/1802"));

    expect(reason).toBe(
      "7 of 203 requests (3.4 %) failed on the candidate against 9 of 1,802 (0.5 %) on the baseline; chance alone does this in 0.051 % of cases (limit 1 %), and the rate is 2.9 points higher (limit 0.2) and 6.9 times as high (limit 1.5).",
    );
    expect(numbers).toMatchObject({
      ...{ candidateEvents: 7, candidateTotal: 203, baselineEvents: 9, baselineTotal: 1802, look: 1, looks: 1 },
      ...{ probabilityLimit: 0.01, differenceLimit: 0.002, ratioLimit: 1.5, minimumTotal: 50 },
    });
  });

  test.each([
    [
      "2/20 against 9/180",
      "2 of 20 requests (10 %) failed on the candidate against 9 of 180 (5 %) on the baseline; too few to judge: each side needs 50, 30 more on the candidate.",
    ],
    [
      "4/200 against 9/1800",
      "4 of 200 requests (2 %) failed on the candidate against 9 of 1,800 (0.5 %) on the baseline; chance alone does this in 3.4 % of cases: too rarely to pass (limit 5 %), not rarely enough to fail (limit 1 %).",
    ],
    [
      "0/60 against 0/540",
      "0 of 60 requests (0 %) failed on the candidate against 0 of 540 (0 %) on the baseline; no difference is proven, and so few could not show one: a rate of 5 % would be found in 58.3 % of cases (limit 80 %).",
    ],
    [
      "2/200 against 9/1800",
      "2 of 200 requests (1 %) failed on the candidate against 9 of 1,800 (0.5 %) on the baseline; that is not worse (limits 3 requests, 0.2 points and 1.5 times more), and a rate of 5.5 % would be found in 98.7 % of cases.",
    ],
  ])("says why %s is no failure", (text, reason) => {
    expect(compareRates(pair(text)).reason).toBe(reason);
  });

  it("tells it in the words of who asks", () => {
    const words = { units: "calls", events: "timed out", candidate: "version 12", baseline: "version 11" };

    expect(compareRates(pair("12/203 against 9/1802"), { words }).reason).toMatch(
      /^12 of 203 calls \(5.9 %\) timed out on version 12 against 9 of 1,802 \(0.5 %\) on version 11; /,
    );
  });

  test.each([
    ["NaN", { candidate: { events: Number.NaN, total: 1 } }, "candidate.events is NaN, which is no count"],
    ["a negative count", { baseline: { events: -1, total: 1 } }, "baseline.events is -1, which is no count"],
    ["half a request", { candidate: { events: 0, total: 0.5 } }, "candidate.total is 0.5, which is no count"],
    [
      "endless",
      { candidate: { events: 0, total: Number.POSITIVE_INFINITY } },
      "candidate.total is Infinity, which is no count",
    ],
    ["more than all", { candidate: { events: 3, total: 2 } }, "candidate.events is 3, more than its total of 2"],
    [
      "a past look with more",
      { earlier: [pair("1/300 against 0/100")] },
      "candidate has 0 of 200, which cannot follow on 1 of 300 at the look before",
    ],
    [
      "a past look that is none",
      { earlier: [pair("2/1 against 0/1")] },
      "earlier[0].candidate.events is 2, more than its total of 1",
    ],
  ] satisfies [string, Partial<RateComparison>, string][])(
    "%s is an error of the measurement",
    (_name, change, problem) => {
      const verdict = compareRates({ ...pair("0/200 against 0/1800"), ...change });

      expect(verdict).toEqual({
        status: "error",
        reason: `The measurement cannot be judged: ${problem}.`,
        numbers: {},
      });
    },
  );

  test.each([
    [{ falseAlarms: 0 }, "compareRates: falseAlarms is 0. It has to be above 0 and at most 0.5."],
    [{ looks: 0 }, "compareRates: looks is 0. It has to be a whole number from 1."],
    [{ minimumTotal: 0 }, "compareRates: minimumTotal is 0. It has to be a whole number from 1."],
    [{ minimumRatio: 0.5 }, "compareRates: minimumRatio is 0.5. It has to be a number from 1."],
    [{ minimumDifference: Number.NaN }, "compareRates: minimumDifference is NaN. It has to be from 0 to 1."],
    [{ power: 1 }, "compareRates: power is 1. It has to be above 0 and below 1."],
  ])("refuses the policy %j", (policy, message) => {
    expect(() => compareRates(pair("0/200 against 0/1800"), policy)).toThrow(new RangeError(message));
  });

  it("never judges 20 requests", () => {
    for (let total = 0; total <= 20; total += 1) {
      for (let events = 0; events <= total; events += 1) {
        for (let other = 0; other <= 20 - total; other += 1) {
          const candidate = { events, total };
          const baseline = { events: other, total: 20 - total };
          expect(compareRates({ candidate, baseline }).status).toBe("inconclusive");
        }
      }
    }
  });

  it("gets no better by more failures of the candidate, and no worse by more of the baseline", () => {
    const rank = { failed: 0, inconclusive: 1, successful: 2, error: 3 };
    const counts = fc
      .tuple(fc.integer({ min: 50, max: 400 }), fc.integer({ min: 50, max: 4000 }))
      .chain(([own, other]) =>
        fc.tuple(
          fc.integer({ min: 0, max: own - 1 }),
          fc.constant(own),
          fc.integer({ min: 0, max: other }),
          fc.constant(other),
        ),
      );
    fc.assert(
      fc.property(counts, ([events, total, other, otherTotal]) => {
        const baseline = { events: other, total: otherTotal };
        const [fewer, more] = [events, events + 1].map(
          (each) => compareRates({ candidate: { events: each, total }, baseline }).status,
        );
        // What would have been found changes with the baseline alone, so that only the order of the verdicts counts.
        expect(rank[more ?? "error"]).toBeLessThanOrEqual(rank[fewer ?? "error"]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("compareRates over several looks", () => {
  it("fails at an early look what is bad enough", () => {
    const verdict = compareRates(
      { ...pair("9/80 against 3/720"), earlier: [pair("4/40 against 2/360")] },
      { looks: 5 },
    );

    expect(verdict).toMatchObject({ status: "failed", numbers: { look: 2, looks: 5 } });
  });

  it("holds what has been allowed for a look against what was used before it", () => {
    const looks = [pair("0/60 against 3/540"), pair("1/120 against 5/1080")];
    const { numbers } = compareRates({ ...pair("2/180 against 8/1620"), earlier: looks }, { looks: 3 });

    expect(numbers.probabilityLimit).toBeGreaterThan(0.01 / 3);
    expect(numbers.probabilityLimit).toBeLessThan(0.01);
  });

  it("does not take an incident of both sides, at a time of a larger share, for the candidate's", () => {
    // An hour at 10 % without errors, then one at 50 % in which the table is slow and 10 % of all requests fail.
    const earlier = [pair("0/200 against 0/1800")];
    const both = pair("100/1200 against 100/2800");

    expect(compareRates({ ...both, earlier }, { looks: 2 }).status).toBe("successful");
    expect(compareRates(both).status).toBe("failed");
  });

  it("may be asked more often than was planned", () => {
    const earlier = [1, 2, 3, 4].map((times) => pair(`0/${50 * times} against 0/${450 * times}`));

    expect(compareRates({ ...pair("0/250 against 0/2250"), earlier }, { looks: 2 }).status).toBe("successful");
  });
});
