import fc from "fast-check";
import { describe, it } from "vitest";
import { expectFound } from "./test/expect-found.ts";
import { faults, unreachable } from "./test/faults.ts";

const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe.each(faults)("$name", (fault) => {
  it("is found in time, once, is as bad as the guide says, and is over when it is, whatever the traffic", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 60, max: 400 }), (seed, peak) => expectFound(fault, seed, peak)),
      { numRuns: 20 },
    );
  });
});

it("finds that nobody gets through where hardly anybody asks", async () => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.double({ min: 0, max: 1, noNaN: true }), (seed, peak) =>
      expectFound(unreachable, seed, peak),
    ),
    { numRuns: 10 },
  );
});
