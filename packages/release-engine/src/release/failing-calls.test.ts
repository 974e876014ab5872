import fc from "fast-check";
import { expect, it } from "vitest";
import { deployWithFault, faults } from "../test/failing-calls.ts";
import { ReleaseLab } from "../test/release-lab.ts";

// One call at a time; all of them, with every fault, are in the soak test beside.

// Hundreds of releases.
const many = { timeout: 60_000 };

const start = new ReleaseLab(["api-handler"]);
const first = start.deploy();
const faultNames = Object.keys(faults) as (keyof typeof faults)[];

it("is done, or stops with the error and is resumed, whichever call fails", many, async () => {
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
