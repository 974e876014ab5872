import type { ReturnedFunction, TableRestore } from "@slipway/contracts";
import { planRestore } from "@slipway/release-plan";
import { expect } from "vitest";
import { releases } from "../../ledger/releases.ts";
import type { ReleaseOutcome } from "../../release/release-outcome.ts";
import { runRelease } from "../../release/run-release.ts";
import { nextReleaseId, releaseWithTraffic, unfinishedRelease } from "../../release/standing-releases.ts";
import { startRelease } from "../../release/start-release.ts";
import type { StepHandlers } from "../../release/step-handler.ts";
import { fakeHandlers } from "../../test/fake-handlers.ts";
import { ReleaseLab } from "../../test/release-lab.ts";
import { frozenSince } from "../freeze-policy.ts";
import { withTable } from "./fake-restore.ts";

export const ADDRESS = "module.items.module.table.aws_dynamodb_table.this";
export const TABLE = "items-prod";
export const RESTORED = "items-prod-restored-20261128-120000";

export interface RestoreWish {
  readonly switches?: boolean;
  readonly freezes?: boolean;
  readonly bad?: readonly string[];
  readonly handlers?: StepHandlers;
  readonly to?: TableRestore["to"];
}

/** An environment with a table and a first release. */
export async function deployedWithTable(): Promise<ReleaseLab> {
  const lab = new ReleaseLab(["api-handler"]);
  withTable(lab.world, ADDRESS, TABLE);
  await lab.deploy();
  return lab;
}

/** `slipway rollback prod data --restore`. */
export function restore(
  lab: ReleaseLab,
  {
    switches = true,
    freezes = true,
    bad = [],
    handlers = fakeHandlers(lab.world, { bad }),
    to = { time: "2026-11-28T11:00:00.000Z" },
  }: RestoreWish = {},
): Promise<ReleaseOutcome> {
  return lab.process(async (held) => {
    const records = releases(await held.read());
    const live = releaseWithTraffic(records);
    if (live === undefined) throw new Error("nothing is live");
    const functions = live.functions.map(
      ({ name, functionName, alias, version, artifactSha256 }): ReturnedFunction => ({
        ...{ function: name, functionName, alias, from: version, version, artifactSha256 },
        artifact: { sha256Base64: "c2hh", bytes: 1, bucket: "artifacts", key: artifactSha256 },
      }),
    );
    const plan = planRestore({
      ...{ environment: "prod", release: nextReleaseId(records), from: live.id, source: live.plan.source, functions },
      ...{ switches, freezes, approvals: 0 },
      restore: {
        ...{ table: TABLE, restored: RESTORED, to, address: ADDRESS },
        ...{ keepUntil: "2026-12-28", ...(switches ? { variable: "restored_table" } : {}) },
      },
    });
    const { id } = await startRelease(lab.ports, { held, plan, authors: ["Jane"] });
    return runRelease(lab.ports, { held, release: id, handlers, waitFor: "none" });
  });
}

/** Holds the world against how the newest release has ended: one table in use, which takes writes, and Terraform has it. */
export async function expectOneTable(lab: ReleaseLab): Promise<void> {
  const records = await lab.records();
  expect(unfinishedRelease(records)?.id).toBeUndefined();
  expect((await lab.ledger.head())?.lease).toBeNull();
  const { plan, state } = records.at(-1) ?? {};
  const { tables, adopted, functions, inUse, copies } = lab.world;
  const isSwitched = state === "live" && plan?.rollsBack?.restore?.variable !== undefined;
  expect(adopted).toEqual({ [ADDRESS]: isSwitched ? RESTORED : TABLE });
  const { policy, tags } = tables[TABLE]?.settings ?? {};
  const isFrozen = frozenSince(policy ?? "{}") !== undefined;
  const freezes = plan?.steps.some(({ kind }) => kind === "data.freeze") ?? false;
  expect(isFrozen, "the table takes no writes").toBe(isSwitched && freezes);
  expect("slipway:keep-until" in (tags ?? {})).toBe(isSwitched);
  expect(tables[TABLE]?.settings.deletionProtection).toBe(true);
  for (const [name, { alias, versions }] of Object.entries(functions)) {
    const live = releaseWithTraffic(records)?.functions.find((each) => each.name === name);
    expect({ name, ...alias }).toEqual({ name, version: Number(live?.version), weights: {} });
    expect(versions[alias.version - 1]?.includes(` on ${RESTORED}`)).toBe(isSwitched);
  }
  if (isSwitched) {
    const before = tables[TABLE]?.settings;
    expect(tables[RESTORED]?.settings).toMatchObject({
      ...{ timeToLive: before?.timeToLive, recoveryDays: before?.recoveryDays, deletionProtection: true, policy: null },
      ...{ tags: { Environment: "prod", Service: "items" }, key: before?.key, indexes: before?.indexes },
    });
    expect(inUse).toBe(RESTORED);
    expect(Object.values(copies)).toContainEqual({ [ADDRESS]: TABLE });
  } else {
    expect(inUse).toBeNull();
    if (plan?.steps.some(({ kind }) => kind === "data.discard")) {
      expect(tables[RESTORED]).toBeUndefined();
    }
  }
}
