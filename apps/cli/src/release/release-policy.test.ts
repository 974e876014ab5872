import type { PolicyInForce } from "@slipway/release-engine";
import { planRelease } from "@slipway/release-plan";
import { expect, it } from "vitest";
import { releasePolicy } from "./release-policy.ts";

/** What the plan of a release says about approvals. */
function said(infrastructure: number, more: Partial<PolicyInForce> = {}) {
  const because = "the rules of r1 (cccccccccccc), which has the traffic";
  const inForce = { approvals: { infrastructure }, reviewers: 0, isProtected: true, because, loosened: [], ...more };
  const source = { commit: "a".repeat(40), tree: null, dirty: false };
  const facts = { environment: "prod", release: "r2", previous: "r1", functions: ["orders"], source };
  const { steps } = planRelease(facts, releasePolicy(inForce, { steps: [] }));
  return steps.find(({ kind }) => kind === "infrastructure.approve")?.because;
}

it("plans with the approvals that are asked for by the rules in force, and says whose they are", () => {
  expect(said(2)).toBe(
    "the approval of 2 people other than the author is asked for by the rules of r1 (cccccccccccc), which has the traffic, if the plan changes anything",
  );
  expect(said(0)).toMatch(/^no approval is asked for by the rules of r1 .*; what the plan gate stops still needs one$/);
});

it("says that there may be more where nobody knows those rules", () => {
  const because = "nobody knows the rules of r1 (cccccccccccc)";

  expect(said(1, { because, unknown: { what: "x", why: "y", next: "z" } })).toBe(
    "the approval of 1 person other than the author is asked for by the configuration (nobody knows the rules of r1 (cccccccccccc), which may ask for more), if the plan changes anything",
  );
});
