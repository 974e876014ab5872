import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import type { Intervene } from "./call-proxy.ts";
import { expectConsistent } from "./expect-consistent.ts";
import type { Lab } from "./lab.ts";
import type { RecordedCall } from "./recorded-call.ts";
import type { KillKind, ReleaseProcess } from "./release-process.ts";
import { commitSecond, expectServedBy, type SecondChange, settle, type WayOn } from "./settle.ts";

/** A second release that nobody has disturbed. */
export interface UndisturbedRelease {
  readonly calls: readonly RecordedCall[];
  /** Entries that it adds to the ledger. */
  readonly entries: number;
  /** With which Terraform changed something. */
  readonly terraformCalls: number;
  readonly durationMs: number;
}

/** Makes the second release once without any disturbance, to know what there is to disturb. */
export async function recordRelease(lab: Lab, change: SecondChange): Promise<UndisturbedRelease> {
  await lab.backTo("one");
  commitSecond(lab, change);
  const startedAt = Date.now();
  const { code, stdout, stderr } = await lab.deploy().ended;
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  const durationMs = Date.now() - startedAt;
  const calls = [...lab.proxy.calls];
  expect(await expectConsistent(lab)).toMatchObject({ release: "r2", outcome: "live" });
  await expectServedBy(lab, "two");
  const entries = calls.filter(({ addsEntry }) => addsEntry).length;
  const terraformCalls = calls.filter(isTerraformChange).length;
  // Were calls not recognised any more, there would be nothing to kill at, and nothing would fail.
  expect(entries).toBeGreaterThan(20);
  expect(terraformCalls).toBeGreaterThan(2);
  return { calls, durationMs, entries, terraformCalls };
}

/** Where a release is killed. */
export interface Kill {
  readonly at:
    | { readonly entry: number; readonly when: "before" | "after" }
    /** A call with which Terraform changes something, from 1: the state's lock is the first, and giving it back the last. */
    | { readonly terraformCall: number; readonly when: "before" | "after" }
    | { readonly milliseconds: number };
  readonly change: SecondChange;
  readonly kind: KillKind;
  readonly way: WayOn;
  /** Who resumes is killed, too, after so many milliseconds, and then it is resumed again. */
  readonly again?: number;
}

/**
 * Kills the second release, goes on with it, and checks that everything agrees. A kill that comes after the release's end is none.
 *
 * @returns whether it was killed
 */
export async function surviveKill(lab: Lab, kill: Kill): Promise<boolean> {
  await lab.backTo("one");
  commitSecond(lab, kill.change);
  const release = startKilled(lab, kill);
  const { code, stdout, stderr } = await release.ended;
  const wasKilled = code === null;
  expect(wasKilled ? 0 : code, `nothing but the kill may stop it:\n${stdout}\n${stderr}`).toBe(0);
  lab.proxy.begin();
  if (wasKilled && kill.again !== undefined) {
    const { entries } = await lab.ledger();
    const resumed = entries.some(({ release: id }) => id === "r2") ? lab.resume() : lab.deploy();
    await Promise.race([resumed.ended, wait(kill.again)]);
    resumed.kill(kill.kind);
    await resumed.ended;
  }
  await settle(lab, kill.way);
  return wasKilled;
}

function startKilled(lab: Lab, { at, kind }: Kill): ReleaseProcess {
  let release: ReleaseProcess | undefined;
  const die = () => release?.kill(kind);
  if ("milliseconds" in at) {
    release = lab.deploy();
    const timer = setTimeout(die, at.milliseconds);
    release.ended.catch(() => undefined).finally(() => clearTimeout(timer));
    return release;
  }
  let seen = 0;
  const isCounted = "entry" in at ? ({ addsEntry }: RecordedCall) => addsEntry : isTerraformChange;
  const target = "entry" in at ? at.entry : at.terraformCall;
  const intervene: Intervene = (call) => {
    seen += isCounted(call) ? 1 : 0;
    return isCounted(call) && seen === target ? { when: at.when, run: die } : undefined;
  };
  lab.proxy.begin(intervene);
  release = lab.deploy();
  return release;
}

const isTerraformChange = ({ byTerraform, changes }: RecordedCall) => byTerraform && changes;
