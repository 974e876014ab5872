import fc from "fast-check";
import type { ReleaseFacts, ReleasePolicy } from "../plan-release.ts";

export const facts: ReleaseFacts = {
  environment: "prod",
  release: "r2",
  source: { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false },
  previous: "r1",
  functions: ["api-handler"],
};

/** Facts as configurations allow them. */
export const releaseFacts: fc.Arbitrary<ReleaseFacts> = fc.record({
  environment: fc.constantFrom("dev", "prod"),
  release: fc.integer({ min: 2, max: 900 }).map((number) => `r${number}`),
  source: fc.constant(facts.source),
  previous: fc.constantFrom("r1", null),
  functions: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/), { minLength: 1, maxLength: 4 }),
});

/** Policies as configurations allow them: shares that grow. */
export const policies: fc.Arbitrary<ReleasePolicy> = fc.record({
  approvals: fc.nat({ max: 10 }),
  canary: fc
    .uniqueArray(fc.integer({ min: 1, max: 990 }), { maxLength: 4 })
    .map((tenths) => tenths.sort((a, b) => a - b).map((each) => ({ percent: each / 10, holdSeconds: 60 + each }))),
});
