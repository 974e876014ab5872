import type { RollbackWay } from "@slipway/release-engine";
import { ReleaseError } from "@slipway/release-engine";
import { describe, expect, it } from "vitest";
import { assertTargetsThere } from "./assert-targets-there.ts";

const functions = ["orders", "stock"].map((name) => ({
  ...{ function: name, functionName: `${name}-prod`, alias: "live", from: "3", version: "1" },
}));
const decision = {
  ...{ way: "release", plan: { rollsBack: { functions } }, to: { id: "r1" }, stays: [] },
} as unknown as RollbackWay;
const records = ["r1", "r2", "r3"].map((id) => ({
  id,
  wasLive: true,
  steps: new Map(),
  state: id === "r3" ? "live" : "superseded",
}));
const question = { environment: "prod", records: records as never, flags: " --local" };

function reading(answers: Record<string, () => { readonly state: string }>) {
  return {
    readFunction: async (name: string) => answers[name]?.() as never,
  };
}

const active = () => ({ state: "Active" });
const fails = (kind: "not-found" | "throttled") => () => {
  throw new ReleaseError({ kind, what: "it", why: "so", next: "type" });
};

describe("assertTargetsThere", () => {
  it("refuses before anything begins where a version was deleted or cannot run, and names another release", async () => {
    for (const [stock, says] of [
      [fails("not-found"), "there is no version 1 of stock-prod"],
      [() => ({ state: "Failed" }), "version 1 of stock-prod is Failed"],
    ] as const) {
      const looked = assertTargetsThere(reading({ "orders-prod": active, "stock-prod": stock }), decision, question);
      await expect(looked).rejects.toMatchObject({
        ...{ kind: "not-found", what: "The traffic of prod cannot go to r1; nothing was changed" },
        ...{ why: expect.stringContaining(says), next: "slipway rollback prod --to r2 --local" },
      });
    }
  });

  it("looks where the traffic of an unfinished release goes straight, and not by the versions before", async () => {
    const passing = {
      ...{ way: "put-back", record: { state: "paused" }, to: "r2", goesOn: true, straight: functions },
    } as unknown as RollbackWay;
    const gone = reading({ "orders-prod": active, "stock-prod": fails("not-found") });
    await expect(assertTargetsThere(gone, passing, { ...question, to: "r1" })).rejects.toMatchObject({
      ...{ what: "The traffic of prod cannot go to r1; nothing was changed" },
      next: "slipway rollback prod --to r2 --local",
    });
    const { straight: _, ...usual } = passing as Extract<RollbackWay, { way: "put-back" }>;
    await assertTargetsThere(gone, usual, question);
  });

  it("stops nothing where all are there, or nobody can look", async () => {
    await assertTargetsThere(reading({ "orders-prod": active, "stock-prod": active }), decision, question);
    await assertTargetsThere(reading({ "orders-prod": active, "stock-prod": fails("throttled") }), decision, question);
  });
});
