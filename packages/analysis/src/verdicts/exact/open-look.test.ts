import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RatePair } from "../rate-sample.ts";
import { choose } from "../test/exact-tails.ts";
import { expectNearly } from "../test/nearly.ts";
import { fisherUpperTail } from "./fisher-upper-tail.ts";
import { type Look, openLook } from "./open-look.ts";

/** What both sides together come to between two looks. */
interface Margins {
  readonly events: number;
  readonly candidateTotal: number;
  readonly baselineTotal: number;
}

const margins: fc.Arbitrary<Margins> = fc
  .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 60 }))
  .chain(([candidateTotal, baselineTotal]) =>
    fc.record({
      events: fc.integer({ min: 0, max: Math.min(8, candidateTotal + baselineTotal) }),
      candidateTotal: fc.constant(candidateTotal),
      baselineTotal: fc.constant(baselineTotal),
    }),
  );

/** All ways in which the events can fall on the two sides, with their probabilities. */
function waysOf({ events, candidateTotal, baselineTotal }: Margins): { pair: RatePair; probability: number }[] {
  const all = Number(choose(candidateTotal + baselineTotal, events));
  return Array.from({ length: events + 1 }, (_, count) => ({
    pair: {
      candidate: { events: count, total: candidateTotal },
      baseline: { events: events - count, total: baselineTotal },
    },
    probability: Number(choose(candidateTotal, count) * choose(baselineTotal, events - count)) / all,
  })).filter(({ probability }) => probability > 0);
}

/** How often one look or another fails a candidate that is no worse: by going through everything that can happen. */
function falseAlarms(looks: readonly Margins[], leastEvents: number, allowed: (look: number) => number): number {
  const walk = (earlier: readonly Look[], events: number, probability: number): number => {
    const next = looks[earlier.length];
    if (next === undefined) {
      return 0;
    }
    const { limit, probabilityOf } = openLook(earlier, allowed);
    return waysOf(next).reduce((sum, way) => {
      const total = events + way.pair.candidate.events;
      const weight = probability * way.probability;
      const fails = total >= leastEvents && probabilityOf(way.pair) <= limit;
      return sum + (fails ? weight : walk([...earlier, { counted: way.pair, leastEvents }], total, weight));
    }, 0);
  };
  return walk([], 0, 1);
}

describe("openLook", () => {
  it("is Fisher's test at the first look", () => {
    const pair = { candidate: { events: 3, total: 20 }, baseline: { events: 2, total: 180 } };
    const look = openLook([], (number) => number * 0.002);

    expect([look.limit, look.probabilityOf(pair)]).toEqual([0.002, fisherUpperTail(pair)]);
  });

  it("is Fisher's test when nothing was counted before", () => {
    const nothing = { candidate: { events: 0, total: 0 }, baseline: { events: 0, total: 0 } };
    const pair = { candidate: { events: 3, total: 20 }, baseline: { events: 2, total: 180 } };
    const look = openLook([{ counted: nothing, leastEvents: 3 }], (number) => number * 0.005);

    expect(look.limit).toBe(0.01);
    expectNearly(look.probabilityOf(pair), fisherUpperTail(pair));
  });

  it("makes no more false alarms than are allowed, over all looks, whatever is counted between them", () => {
    fc.assert(
      fc.property(
        fc.array(margins, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(0.01, 0.05, 0.2),
        fc.integer({ min: 1, max: 3 }),
        (looks, alarms, leastEvents) => {
          const made = falseAlarms(looks, leastEvents, (look) => (alarms * look) / looks.length);
          expect(made).toBeLessThanOrEqual(alarms * (1 + 1e-9));
        },
      ),
      { numRuns: 100 },
    );
  });

  it("makes none at looks that are not planned any more", () => {
    const looks = Array.from({ length: 4 }, () => ({ events: 4, candidateTotal: 20, baselineTotal: 60 }));

    expect(falseAlarms(looks, 1, (look) => 0.2 * Math.min(1, look / 2))).toBeLessThanOrEqual(0.2);
  });

  it("lets a later look use what the earlier ones could not", () => {
    // Of one event nothing can be said: all that was allowed is left.
    const counted = { candidate: { events: 1, total: 100 }, baseline: { events: 0, total: 100 } };

    expect(openLook([{ counted, leastEvents: 1 }], (look) => look * 0.005).limit).toBe(0.01);
  });
});
