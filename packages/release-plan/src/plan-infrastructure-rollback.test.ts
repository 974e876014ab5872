import { expect, test } from "vitest";
import { planRollback, type RollbackFacts } from "./plan-rollback.ts";

const returned = (name: string, from: string, version: string) => ({
  ...{ function: name, functionName: `${name}-prod`, alias: "live", from, version },
  artifactSha256: "a".repeat(64),
  artifact: { sha256Base64: "b64", bytes: 1, bucket: "code", key: `${name}.zip` },
});
const facts: RollbackFacts = {
  ...{ environment: "prod", release: "r6", from: "r5", to: "r3" },
  source: { commit: "c".repeat(40), tree: "d".repeat(40), dirty: false },
  parts: ["infrastructure"],
  functions: [returned("orders", "9", "9"), returned("stock", "4", "4")],
  approvals: 1,
};
const ids = (plan: ReturnType<typeof planRollback>) => plan.steps.map(({ id }) => id);

test("the infrastructure goes back by the four steps that it came by, and code that runs gets its configuration", () => {
  const plan = planRollback(facts);
  expect(ids(plan)).toEqual([
    ...["infrastructure.plan", "infrastructure.approve", "infrastructure.apply", "infrastructure.validate"],
    ...["code.publish.orders", "code.publish.stock", "code.prove.orders", "code.prove.stock", "traffic.promote"],
    ...["traffic.verify", "checkpoint.immediate", "checkpoint.short", "checkpoint.extended"],
  ]);
  expect(plan).toMatchObject({ previous: "r5", source: facts.source, rollsBack: { from: "r5", to: "r3" } });
  const [first, approve, apply] = plan.steps;
  expect(first?.because).toContain("cccccccccccc");
  expect(approve?.because).toContain("1 person other than the author");
  expect(apply?.undo).toContain("slipway rollback prod infrastructure --to r5");
  expect(plan.steps.slice(0, 4).map(({ guide }) => guide)).toEqual(
    Array(4).fill("Rollback Procedures, Scenario 2: Infrastructure Issues"),
  );
});

test("with the code, the traffic goes first, and nothing that may fail comes between it and the infrastructure", () => {
  const plan = planRollback({ ...facts, parts: ["code", "infrastructure"] });
  expect(ids(plan).slice(0, 3)).toEqual(["traffic.return", "infrastructure.plan", "infrastructure.approve"]);
  expect(ids(plan).indexOf("traffic.verify")).toBeGreaterThan(ids(plan).indexOf("traffic.promote"));
});

test("without a canary, and it says why", () => {
  const { steps } = planRollback(facts);
  expect(steps.some(({ kind }) => kind === "traffic.shift" || kind === "traffic.judge")).toBe(false);
  expect(steps.find(({ kind }) => kind === "traffic.promote")?.because).toContain("no canary");
});

test("whose approval it takes is left to the rules in force where it is not known", () => {
  const { approvals: _, ...unknown } = facts;
  expect(planRollback(unknown).steps[1]?.because).toContain("the rules in force");
});
