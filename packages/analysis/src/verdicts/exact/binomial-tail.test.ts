import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactBinomialTail } from "../test/exact-tails.ts";
import { expectNearly } from "../test/nearly.ts";
import { binomialDensity } from "./binomial-density.ts";
import { binomialLowerTail, binomialUpperTail } from "./binomial-tail.ts";

describe("binomialUpperTail", () => {
  it("is what whole numbers come to, also far in the tail", () => {
    const cases = fc
      .integer({ min: 1, max: 300 })
      .chain((total) =>
        fc.tuple(fc.integer({ min: 0, max: total }), fc.constant(total), fc.integer({ min: 1, max: 999 })),
      );
    fc.assert(
      fc.property(cases, ([count, total, permille]) => {
        const expected = exactBinomialTail(count, total, permille, 1000);
        const actual = binomialUpperTail(count, total, permille / 1000);
        expect(Math.abs(actual - expected)).toBeLessThanOrEqual(expected * 1e-10 + (expected > 0.4 ? 1e-10 : 1e-300));
        expectNearly(actual + binomialLowerTail(count - 1, total, permille / 1000), 1, 1e-9);
      }),
      { numRuns: 150 },
    );
  });

  it("knows the ends", () => {
    expect([binomialUpperTail(0, 10, 0.1), binomialUpperTail(11, 10, 0.1)]).toEqual([1, 0]);
    expect([binomialUpperTail(1, 10, 0), binomialUpperTail(10, 10, 1), binomialLowerTail(10, 10, 1)]).toEqual([
      0, 1, 1,
    ]);
    expect([binomialDensity(-1, 10, 0.1), binomialDensity(11, 10, 0.1), binomialDensity(0, 10, 0)]).toEqual([0, 0, 1]);
  });

  it("keeps its digits in ten millions", () => {
    // One event or more is all but none.
    expectNearly(binomialUpperTail(1, 10_000_000, 1e-7), -Math.expm1(10_000_000 * Math.log1p(-1e-7)), 1e-9);
    // Half of an odd number of fair trials is as likely to be passed as not.
    expectNearly(binomialUpperTail(5_000_000, 9_999_999, 0.5), 0.5, 1e-9);
  });
});
