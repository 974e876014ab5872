import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { expectNearly } from "../test/nearly.ts";
import { lowerRateBound, upperRateBound } from "./binomial-bounds.ts";
import { binomialLowerTail, binomialUpperTail } from "./binomial-tail.ts";

describe("the bounds of a rate", () => {
  // As R's binom.test gives them, two-sided at 95 %.
  test.each([
    [682, 925, 0.7076683, 0.7654066],
    [0, 10, 0, 0.3084971],
    [10, 10, 0.6915029, 1],
    [1, 50, 0.0005062, 0.1064695],
  ])("%d of %d are between %d and %d", (events, total, lower, upper) => {
    expectNearly(lowerRateBound(events, total, 0.025), lower, 1e-4);
    expectNearly(upperRateBound(events, total, 0.025), upper, 1e-6);
  });

  it("are where the seen is as unlikely as was asked for", () => {
    const cases = fc
      .integer({ min: 2, max: 100_000 })
      .chain((total) => fc.tuple(fc.integer({ min: 1, max: total - 1 }), fc.constant(total)));
    fc.assert(
      fc.property(cases, ([events, total]) => {
        expectNearly(binomialUpperTail(events, total, lowerRateBound(events, total, 0.01)), 0.01, 1e-7);
        expectNearly(binomialLowerTail(events, total, upperRateBound(events, total, 0.01)), 0.01, 1e-7);
      }),
      { numRuns: 50 },
    );
  });

  it("are near to each other in ten millions", () => {
    const [lower, upper] = [lowerRateBound(100_000, 10_000_000, 0.01), upperRateBound(100_000, 10_000_000, 0.01)];
    expect([lower, upper].map((bound) => bound.toFixed(5))).toEqual(["0.00993", "0.01007"]);
  });
});
