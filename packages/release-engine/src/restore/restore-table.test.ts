import { describe, expect, it } from "vitest";
import type { StepHandlers } from "../release/step-handler.ts";
import { decideRollback } from "../rollback/decide-rollback.ts";
import { fakeHandlers } from "../test/fake-handlers.ts";
import type { ReleaseLab } from "../test/release-lab.ts";
import { frozenSince } from "./freeze-policy.ts";
import { expectEndsWell, faultNames } from "./test/expect-ends-well.ts";
import { fakeRestoreDeps } from "./test/fake-restore.ts";
import { deployedWithTable, expectOneTable, RESTORED, type RestoreWish, restore, TABLE } from "./test/restore-lab.ts";
import { verifyStep } from "./verify-step.ts";

const start = deployedWithTable();

describe("a restore", () => {
  it("takes the place of the table, with its settings, and says for how long no writes were taken", async () => {
    const lab = (await start).copy();
    expect(await restore(lab)).toMatchObject({ state: "live" });
    await expectOneTable(lab);
    const { steps } = await lab.newest();
    expect(steps.get("data.settings")?.summary).toBe(
      "15 settings are those of items-prod; given back: point-in-time recovery, expiry of items, deletion protection, tags",
    );
    expect(steps.get("data.verify")?.summary).toMatch(/^1,000 items, 1 index answers; digest [0-9a-f]{64}$/);
    expect(steps.get("data.retire")).toMatchObject({
      summary: expect.stringMatching(
        /^no writes were taken for 0 s, .* kept until 2026-12-28 and stays frozen; COMMIT environments/,
      ),
      result: { writesStoppedMs: 0, keepUntil: "2026-12-28" },
    });
  });

  it("only rehearsed changes nothing of the table, stops no writes, and leaves nothing behind", async () => {
    const lab = (await start).copy();
    const before = structuredClone(lab.world.tables[TABLE]);
    expect(await restore(lab, { switches: false })).toMatchObject({ state: "done" });
    expect(lab.world.tables).toEqual({ [TABLE]: before });
    expect((await lab.newest()).steps.get("data.verify")).toMatchObject({ result: { items: 1000, fail: 0 } });
    await expectOneTable(lab);
  });

  it("keeps the policy that a table has: frozen beside it, on the restored table for that one, and back where it was", async () => {
    const lab = (await start).copy();
    const arn = lab.world.tables[TABLE]?.settings.arn ?? "";
    const own = { Sid: "Read", Effect: "Allow", Principal: { AWS: "1" }, Action: "dynamodb:GetItem" };
    const policyOf = (Resource: string[]) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ ...own, Resource }] });
    const table = lab.world.tables[TABLE];
    if (table !== undefined) table.settings = { ...table.settings, policy: policyOf([arn, `${arn}/index/*`]) };
    await restore(lab);
    const restored = lab.world.tables[RESTORED]?.settings;
    expect(restored?.policy).toBe(policyOf([restored?.arn ?? "", `${restored?.arn}/index/*`]));
    expect(frozenSince(lab.world.tables[TABLE]?.settings.policy ?? "")).toBeDefined();

    await lab.rollback();
    expect(lab.world.tables[TABLE]?.settings.policy).toBe(policyOf([arn, `${arn}/index/*`]));
  });

  it("accepts the loss of writes where it is told to, and freezes nothing", async () => {
    const lab = (await start).copy();
    await restore(lab, { freezes: false });
    await expectOneTable(lab);
    expect((await lab.newest()).steps.get("data.retire")).toMatchObject({
      summary: expect.stringMatching(/^writes were not stopped; /),
      result: { writesStoppedMs: null },
    });
  });

  it("rolled back gives the table back: its traffic, its writes, and Terraform's", async () => {
    const lab = (await start).copy();
    await restore(lab);
    expect(await lab.rollback()).toMatchObject({ state: "put-back" });
    await expectOneTable(lab);
    expect((await lab.newest()).steps.get("data.thaw")).toMatchObject({
      summary: expect.stringMatching(
        /^items-prod takes writes again; Terraform has items-prod again; items-prod-restored/,
      ),
      result: { thawed: true, readopted: true, leftBehind: RESTORED },
    });
  });

  it("is put back by a rollback to the release before it, and no code goes back past it", async () => {
    const lab = (await start).copy();
    await restore(lab);
    const decide = async () =>
      decideRollback({ environment: "prod", records: await lab.records(), to: "r1", flags: "" });
    expect(await decide()).toMatchObject({ way: "put-back", record: { id: "r2" }, to: "r1" });
    await lab.deploy();
    expect(await decide()).toMatchObject({
      way: "refused",
      refusal: { what: `The versions of r1 use ${TABLE}, which ${RESTORED} has taken the place of` },
    });
  });

  it("waits for people where a version does not answer, and is gone on with", async () => {
    const lab = (await start).copy();
    await restore(lab, { bad: ["code.prove.api-handler"] });
    expect((await lab.newest()).state).toBe("paused");
    await lab.resume();
    expect((await lab.newest()).state).toBe("live");
    await expectOneTable(lab);
  });

  it("of nothing is not switched to, and taken back", async () => {
    const lab = (await start).copy();
    const inspect = async () => ({ items: 0, digest: "0".repeat(64), indexes: [] });
    const handlers = {
      ...fakeHandlers(lab.world),
      "data.verify": verifyStep(fakeRestoreDeps(lab.world, { contents: { inspect } })),
    };
    expect(await restore(lab, { handlers })).toMatchObject({
      ...{ state: "paused", reason: expect.stringContaining("NOT so: the restored table has items (0 items") },
    });
    await lab.rollback();
    await expectOneTable(lab);
  });

  it("of a time when it was paid for otherwise gets the billing of now", async () => {
    const lab = (await start).copy();
    const usual = fakeHandlers(lab.world);
    const handlers: StepHandlers = {
      ...usual,
      "data.settings": async (context) => {
        const { restored = "" } = context.plan.rollsBack?.restore ?? {};
        const table = lab.world.tables[restored];
        if (table === undefined) throw new Error("it was restored");
        table.settings = { ...table.settings, billing: "provisioned; 5 reads, 5 writes" };
        return await usual["data.settings"](context);
      },
    };
    expect(await restore(lab, { handlers })).toMatchObject({ state: "live" });
    const { steps, plan } = await lab.newest();
    expect(steps.get("data.settings")?.result).toMatchObject({ reapplied: expect.arrayContaining(["capacity"]) });
    expect(lab.world.tables[plan.rollsBack?.restore?.restored ?? ""]?.settings.billing).toBe("on demand");
  });

  it("of a backup that was verified before is the same as then", async () => {
    const lab = (await start).copy();
    const handlers = {
      ...fakeHandlers(lab.world),
      "data.verify": verifyStep(fakeRestoreDeps(lab.world, { earlierDigest: async () => "1".repeat(64) })),
    };
    const to = { backup: "arn:aws:dynamodb:us-east-1:123456789012:table/items-prod/backup/1" };
    expect(await restore(lab, { handlers, to })).toMatchObject({
      ...{ state: "paused", reason: expect.stringContaining("NOT so: it is what the backup was when it was verified") },
    });
  });
});

/** Kills a restore after each lasting change, and lets somebody go on or go back. */
async function killedAtEachChange(wish: RestoreWish, recover: (lab: ReleaseLab) => Promise<unknown>, ends: string[]) {
  const worker = (await start).copy();
  const left = worker.copyAfterEach();
  await restore(worker, wish);
  for (const [index, lab] of left.entries()) {
    if ((await lab.newest()).id === "r1") {
      await lab.resume();
      continue;
    }
    await recover(lab);
    expect(ends, `killed after change ${index + 1}`).toContain((await lab.newest()).state);
    await expectOneTable(lab);
  }
  return left.length;
}

describe("killed after any change", () => {
  it("a restore is resumed to its end", async () => {
    expect(await killedAtEachChange({}, (lab) => lab.resume(), ["live"])).toBeGreaterThan(40);
  });

  it("a restore is rolled back", async () => {
    expect(await killedAtEachChange({}, (lab) => lab.rollback(), ["put-back"])).toBeGreaterThan(40);
  });

  it("a dry run is resumed to its end, or rolled back, and leaves nothing behind", async () => {
    const wish = { switches: false };
    expect(await killedAtEachChange(wish, (lab) => lab.resume(), ["done"])).toBeGreaterThan(12);
    expect(await killedAtEachChange(wish, (lab) => lab.rollback(), ["put-back", "done"])).toBeGreaterThan(12);
  });

  it("a rollback of a restore is gone on with", async () => {
    const restored = (await start).copy();
    await restore(restored);
    const left = restored.copyAfterEach();
    await restored.rollback();
    expect(left.length).toBeGreaterThan(7);
    for (const [index, lab] of left.entries()) {
      await lab.rollback();
      expect((await lab.newest()).state, `killed after change ${index + 1}`).toBe("put-back");
      await expectOneTable(lab);
    }
  });
});

it.each(faultNames)("ends well, or stops and is resumed, whichever call fails by %s", async (fault) => {
  // A seventh of them, other ones for each fault; all of them are in the soak test beside.
  await expectEndsWell(await start, fault, { first: 1 + (fault.length % 7), stride: 7 });
});
