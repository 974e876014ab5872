import type { LedgerBody, LedgerEntry } from "@slipway/contracts";
import {
  createRedactor,
  type HeldLedger,
  type LedgerDraft,
  type ReleaseRecord,
  releases,
  type StepHandlers,
} from "@slipway/release-engine";
import { planRelease } from "@slipway/release-plan";
import { ManualClock, RecordingProgress } from "@slipway/testing";
import { expect, it } from "vitest";
import { type DeployRequest, resumeRelease } from "./deploy-release.ts";
import type { OpenRelease } from "./open-release.ts";

const SOURCE = { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false };
const plan = planRelease(
  { environment: "prod", release: "r1", previous: null, functions: [], source: SOURCE },
  { approvals: 0, canary: [] },
);

/** A release that was begun, and everything that resuming it needs, on a ledger in memory. */
async function arrange(checklist: StepHandlers["checklist"]) {
  const clock = new ManualClock(Date.parse("2026-11-28T12:00:00.000Z"));
  const entries: LedgerEntry[] = [];
  const log: string[] = [];
  const append = async ({ by, release = null, body }: LedgerDraft) => {
    const entry: LedgerEntry = {
      ...{ version: 1, environment: "prod", sequence: entries.length + 1, at: new Date(clock.now()).toISOString() },
      ...{ by, token: 1, release, body, previous: "0".repeat(64), hash: "0".repeat(64) },
    };
    entries.push(entry);
    return entry;
  };
  const begun: LedgerBody = { type: "release.started", plan, authors: [] };
  await append({ by: { name: "Jane" }, release: "r1", body: begun });
  const holder = { id: "p1", actor: { name: "Jane" }, host: "here", pid: 1, command: "slipway resume prod" };
  const held: HeldLedger = {
    ...{ environment: "prod", holder, token: 1, lost: new AbortController().signal, assertHeld: () => undefined },
    append,
    read: async () => entries,
    release: async () => void log.push("lease given back"),
  };
  const open = {
    source: { revision: async () => SOURCE },
    ledger: { take: async () => held, read: async () => entries },
    ports: { clock, systemClock: clock, progress: new RecordingProgress(), redactor: createRedactor(), flags: "" },
    handlers: () => ({ checklist }) as unknown as StepHandlers,
    removePlans: async () => void log.push("plans removed"),
  } as unknown as OpenRelease;
  const request: DeployRequest = {
    ...{ name: "prod", command: "slipway resume prod", actor: { name: "Jane" }, waitFor: "none", waivers: [] },
    ...{ signal: new AbortController().signal, onHeld: () => undefined, flags: "" },
  };
  return { log, resume: () => resumeRelease(open, request, releases(entries)[0] as ReleaseRecord) };
}

it("takes the plan file of a release away that has failed, as long as nobody else can have the lease", async () => {
  const result = { pass: 0, fail: 1, unknown: 0, waived: 0 };
  const { log, resume } = await arrange(async () => ({ outcome: "failed", summary: "bad", next: "look", result }));
  expect(await resume()).toMatchObject({ outcome: { state: "failed" } });
  expect(log).toEqual(["plans removed", "lease given back"]);
});

it("leaves the plan file of a release that can be gone on with", async () => {
  const { log, resume } = await arrange(async () => ({ outcome: "paused", summary: "asks people", next: "ask" }));
  expect(await resume()).toMatchObject({ outcome: { state: "paused" } });
  expect(log).toEqual(["lease given back"]);
});
