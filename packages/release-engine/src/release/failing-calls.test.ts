import fc from "fast-check";
import { expect, it } from "vitest";
import { deployWithFault, faults, rollBackWithFault } from "../test/failing-calls.ts";
import { ReleaseLab } from "../test/release-lab.ts";

// One call at a time; all of them, with every fault, are in the soak test beside.

// Hundreds of releases.

const start = new ReleaseLab(["api-handler"]);
const first = start.deploy();
const faultNames = Object.keys(faults) as (keyof typeof faults)[];

it("is done, or stops with the error and is resumed, whichever call fails", async () => {
  await first;
  const outcomes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.constantFrom(...faultNames), async (n, fault) => {
      outcomes.add(await deployWithFault(start, n, fault));
    }),
    { numRuns: 25 },
  );
  expect(outcomes).toContain("done");
});

it("rolls back all the same, or stops with the error and goes on, whichever call fails", async () => {
  await first;
  const lab = start.copy();
  await lab.deploy();
  await lab.deploy();
  const calls = fc.tuple(fc.constantFrom("r1", "r2"), fc.integer({ min: 1, max: 24 }), fc.constantFrom(...faultNames));
  const outcomes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(calls, async ([to, n, fault]) => {
      outcomes.add(await rollBackWithFault(lab, to, n, fault));
    }),
    { numRuns: 20 },
  );
  expect(outcomes).toContain("done");
});
