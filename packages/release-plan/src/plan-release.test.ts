import { releasePlanSchema, stepKinds } from "@slipway/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planRelease } from "./plan-release.ts";
import { facts, policies, releaseFacts } from "./test/plans.ts";

describe("planRelease", () => {
  it("takes infrastructure, code, traffic and checkpoints in this order", () => {
    const plan = planRelease(
      { ...facts, functions: ["api-handler", "authorizer"] },
      {
        approvals: 2,
        canary: [
          { percent: 10, holdSeconds: 300 },
          { percent: 50, holdSeconds: 90 },
        ],
      },
    );
    expect(plan.steps.map(({ id }) => id)).toEqual([
      "checklist",
      "infrastructure.plan",
      "infrastructure.approve",
      "infrastructure.apply",
      "infrastructure.validate",
      "code.package.api-handler",
      "code.package.authorizer",
      "code.upload.api-handler",
      "code.upload.authorizer",
      "code.publish.api-handler",
      "code.publish.authorizer",
      "code.prove.api-handler",
      "code.prove.authorizer",
      "traffic.shift.10",
      "traffic.judge.10",
      "traffic.shift.50",
      "traffic.judge.50",
      "traffic.promote",
      "smoke",
      "checkpoint.immediate",
      "checkpoint.short",
      "checkpoint.extended",
    ]);
    expect(plan.steps.find(({ id }) => id === "traffic.judge.50")).toMatchObject({ percent: 50, holdSeconds: 90 });
    expect(plan.steps.find(({ id }) => id === "infrastructure.approve")?.because).toContain("2 people");
    expect(plan.steps.find(({ id }) => id === "traffic.promote")?.because).toBe("all functions move together");
  });

  it("compares a first release with nothing, and says so", () => {
    const plan = planRelease(
      { ...facts, previous: null },
      { approvals: 0, canary: [{ percent: 10, holdSeconds: 300 }] },
    );
    expect(plan.steps.filter(({ kind }) => kind === "traffic.shift" || kind === "traffic.judge")).toEqual([]);
    expect(plan.steps.find(({ kind }) => kind === "traffic.promote")?.because).toContain("nothing ran before");
  });

  it("compares a first release with what was deployed by hand, and can put it back to that", () => {
    const adopts = [{ function: "api-handler", functionName: "items-prod", alias: "live", version: "7" }];
    const plan = planRelease(
      { ...facts, previous: null, adopts },
      { approvals: 0, canary: [{ percent: 10, holdSeconds: 300 }] },
    );
    expect(releasePlanSchema.parse(plan).adopts).toEqual(adopts);
    expect(plan.steps.map(({ id }) => id)).toContain("traffic.judge.10");
    const promote = plan.steps.find(({ kind }) => kind === "traffic.promote");
    expect(promote?.because).toBe(
      "version 7 of api-handler, deployed by hand, has the traffic: it is compared with that",
    );
    expect(promote?.undo).not.toContain("nothing is left to go back to");
    expect(plan.steps.find(({ id }) => id === "checkpoint.short")?.undo).toContain("a bad release is put back");
  });

  it("says where the configuration asks for no canary", () => {
    const plan = planRelease(facts, { approvals: 0, canary: [] });
    expect(plan.steps.find(({ kind }) => kind === "traffic.promote")?.because).toContain("no canary");
  });

  it("makes plans that the ledger takes, with every step once, in the order of the kinds", () => {
    fc.assert(
      fc.property(releaseFacts, policies, (anyFacts, policy) => {
        const plan = planRelease(anyFacts, policy);
        expect(releasePlanSchema.safeParse(plan).error).toBeUndefined();

        const ids = plan.steps.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const order = plan.steps
          // Shifts and judgements alternate.
          .map(({ kind }) => stepKinds.indexOf(kind === "traffic.judge" ? "traffic.shift" : kind));
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(plan.steps.map(({ kind }) => kind)).not.toContain("traffic.restore");
        for (const { id, kind } of plan.steps) {
          expect(id === kind || id.startsWith(`${kind}.`)).toBe(true);
        }
      }),
    );
  });

  it("moves no traffic before every function is published and proven", () => {
    fc.assert(
      fc.property(releaseFacts, policies, (anyFacts, policy) => {
        const { steps } = planRelease(anyFacts, policy);
        const firstMove = steps.findIndex(({ kind }) => kind.startsWith("traffic."));
        for (const name of anyFacts.functions) {
          const before = steps.slice(0, firstMove).filter((step) => step.function === name);
          expect(before.map(({ kind }) => kind)).toEqual(["code.package", "code.upload", "code.publish", "code.prove"]);
        }
        const judged = steps.filter(({ kind }) => kind === "traffic.judge").map(({ percent }) => percent);
        expect(judged).toEqual(anyFacts.previous === null ? [] : policy.canary.map(({ percent }) => percent));
      }),
    );
  });
});
