import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { RatePair } from "../rate-sample.ts";
import { exactFisherTail } from "../test/exact-tails.ts";
import { expectNearly } from "../test/nearly.ts";
import { fisherUpperTail } from "./fisher-upper-tail.ts";
import { hypergeometricDensity } from "./hypergeometric-density.ts";

const pair = (events: number, total: number, other: number, otherTotal: number): RatePair => ({
  candidate: { events, total },
  baseline: { events: other, total: otherTotal },
});

describe("fisherUpperTail", () => {
  // Fisher, The Design of Experiments (1935): the lady tasting tea; and twins of convicts, as in the help of R's fisher.test.
  test.each([
    ["three of four cups", pair(3, 4, 1, 4), 17 / 70],
    ["all four cups", pair(4, 4, 0, 4), 1 / 70],
    ["convicted twins", pair(10, 13, 2, 17), 0.0004651809008],
    ["nothing at all", pair(0, 10, 0, 10), 1],
    ["everything", pair(10, 10, 7, 7), 1],
    ["nobody on the other side", pair(3, 10, 0, 0), 1],
  ])("%s", (_name, table, probability) => {
    expectNearly(fisherUpperTail(table), probability, 1e-7);
  });

  it("is what whole numbers come to, also far in the tail", () => {
    const samples = fc
      .tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 600 }))
      .chain(([total, otherTotal]) =>
        fc.tuple(
          fc.integer({ min: 0, max: total }),
          fc.constant(total),
          fc.integer({ min: 0, max: otherTotal }),
          fc.constant(otherTotal),
        ),
      );
    fc.assert(
      fc.property(samples, (numbers) => {
        const table = pair(...numbers);
        const expected = exactFisherTail(table);
        const actual = fisherUpperTail(table);
        // Near 1 it is a difference from 1.
        expect(Math.abs(actual - expected)).toBeLessThanOrEqual(expected * 1e-10 + (expected > 0.4 ? 1e-10 : 1e-300));
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    pair(12, 1_000_000, 40, 9_000_000),
    pair(30, 5_000_000, 10, 5_000_000),
    pair(40, 1_000_000, 160, 9_000_000),
  ])("keeps its digits in ten millions: %j", (table) => {
    expectNearly(fisherUpperTail(table), exactFisherTail(table), 1e-9);
  });

  it("has densities that come to 1 where half of ten millions have the event", () => {
    const deviation = Math.sqrt(10_000_000 / 16);
    let sum = 0;
    for (let count = Math.round(2_500_000 - 10 * deviation); count < 2_500_000 + 10 * deviation; count += 1) {
      sum += hypergeometricDensity(count, 5_000_000, 5_000_000, 10_000_000);
    }
    expectNearly(sum, 1, 1e-9);
  });
});
