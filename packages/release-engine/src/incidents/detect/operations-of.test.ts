import type { Holder, LedgerBody, StepKind } from "@slipway/contracts";
import { planRelease } from "@slipway/release-plan";
import { describe, expect, it } from "vitest";
import { IncidentLab, jane } from "../records/test/incident-lab.ts";
import { operationsOf } from "./operations-of.ts";

const holder = (host = "build-7"): Holder => ({ id: host, actor: jane, host, pid: 7, command: "slipway deploy prod" });

function plan(release: number) {
  return planRelease(
    {
      ...{ environment: "prod", release: `r${release}`, previous: release === 1 ? null : `r${release - 1}` },
      ...{ functions: ["orders"], source: { commit: null, tree: null, dirty: false } },
    },
    { approvals: 1, canary: [{ percent: 10, holdSeconds: 300 }] },
  );
}

/** A ledger that is written by one release after the other. */
class Releasing {
  readonly lab = new IncidentLab();
  readonly ledger = this.lab.ledger();
  release = 0;

  async begin(host?: string) {
    this.release += 1;
    const held = await this.ledger.take(holder(host));
    await this.write({ type: "release.started", plan: plan(this.release), authors: [] });
    return held;
  }

  async write(body: LedgerBody): Promise<void> {
    await this.ledger.append({ by: jane, release: `r${this.release}`, body });
  }

  async step(kind: StepKind, step: string = kind, outcome?: "done" | "paused"): Promise<void> {
    await this.write({ type: "step.started", step, kind, attempt: 1 });
    if (outcome !== undefined) {
      const [version, previousVersion] = [String(this.release), String(this.release - 1)];
      const result = { functionName: "orders-prod", alias: "live", version, previousVersion, changed: true };
      await this.write({
        ...{ type: "step.finished", step, kind, outcome, summary: "-", durationMs: 1 },
        ...(kind === "code.publish" ? { result } : {}),
      });
    }
  }

  async end(outcome: "live" | "put-back"): Promise<void> {
    const [version, previousVersion] = [String(this.release), String(this.release - 1)];
    const each = { name: "orders", functionName: "orders-prod", alias: "live", version, previousVersion };
    await this.write({
      type: "release.ended",
      outcome,
      reason: "-",
      functions: [{ ...each, artifactSha256: "a".repeat(64) }],
    });
  }

  async look(minutesLater = 0) {
    this.lab.clock.advance(minutesLater * 60_000);
    const now = this.lab.clock.now();
    return operationsOf({
      ...{ entries: await this.ledger.read(), head: await this.ledger.head(), now, leaseNow: now },
      ...{ since: now - 35 * 60_000, isGone: ({ host }) => host === "gone" },
    });
  }
}

/** With r1, which has been live for a day. */
async function releasing(): Promise<Releasing> {
  const made = new Releasing();
  const held = await made.begin();
  await made.step("code.publish", "code.publish.orders", "done");
  await made.step("traffic.promote", "traffic.promote", "done");
  await made.end("live");
  await held.release();
  made.lab.clock.advance(86_400_000);
  return made;
}

describe("operationsOf", () => {
  it("sees nothing at work, and one version, where nothing has changed for long", async () => {
    expect(await (await releasing()).look()).toEqual({
      operations: { lease: null, unfinished: null, rollout: null },
      versions: [],
    });
  });

  it("sees a release with its canary, which is over with its promotion", async () => {
    const made = await releasing();
    const held = await made.begin();
    await made.step("infrastructure.apply");
    expect((await made.look()).operations.rollout).toMatchObject({ release: "r2", changesInfrastructure: true });
    await made.step("infrastructure.apply", "infrastructure.apply", "done");
    await made.step("code.publish", "code.publish.orders", "done");
    await made.step("traffic.shift", "traffic.shift.10", "done");

    const seen = await made.look();
    expect(seen.operations).toMatchObject({
      lease: { state: "held", who: "slipway deploy prod on build-7" },
      unfinished: { release: "r2", state: "running", step: "traffic.shift.10" },
      rollout: {
        release: "r2",
        state: "judged",
        versions: [{ function: "orders-prod", version: "2" }],
        changesInfrastructure: false,
      },
    });
    expect(seen.versions.map(({ version }) => version)).toEqual(["2", "1", "0"]);
    await made.step("traffic.promote");
    expect((await made.look()).operations.rollout).toBeNull();
    await made.step("traffic.promote", "traffic.promote", "done");
    await made.end("live");
    await held.release();
    expect((await made.look()).versions.map(({ version }) => version)).toEqual(["2", "1"]);
  });

  it("sees what was put back as long as it is in the numbers", async () => {
    const made = await releasing();
    const held = await made.begin();
    await made.step("code.publish", "code.publish.orders", "done");
    await made.step("traffic.shift", "traffic.shift.10", "done");
    await made.write({ type: "release.putting-back", reason: "bad" });
    expect((await made.look()).operations.rollout?.state).toBe("put-back");
    await made.end("put-back");
    await held.release();

    expect((await made.look()).operations.rollout).toMatchObject({ release: "r2", state: "put-back" });
    expect((await made.look(40)).operations.rollout).toBeNull();
  });

  it("sees that nobody goes on: a dead holder, one that is silent, one that waits for an approval", async () => {
    const made = await releasing();
    const gone = await made.begin("gone");
    await made.step("traffic.shift", "traffic.shift.10");
    expect((await made.look()).operations).toMatchObject({ lease: { state: "dead" }, rollout: null });
    expect((await made.look(10)).operations.unfinished?.lastAt).toBe(made.lab.clock.now() - 600_000);
    await gone.release().catch(() => {});

    const silent = await releasing();
    await silent.begin();
    expect((await silent.look(10)).operations).toMatchObject({ lease: { state: "over" }, rollout: null });

    const waiting = await releasing();
    const held = await waiting.begin();
    await waiting.step("infrastructure.approve", "infrastructure.approve", "paused");
    await waiting.write({
      type: "release.paused",
      step: "infrastructure.approve",
      kind: "infrastructure.approve",
      reason: "-",
      next: "-",
    });
    await held.release();
    expect((await waiting.look()).operations.unfinished).toMatchObject({ state: "paused", waitsForPeople: true });
  });
});
