import { expect } from "vitest";
import { expectInfrastructureBack } from "./bad-infrastructure.ts";
import type { FailingCalls } from "./every-call-fails.ts";
import { type EntryKill, killedAtEntry } from "./killed-at-entry.ts";
import { LAB_ENVIRONMENT, type Lab } from "./lab.ts";
import { leaseOver } from "./lease-over.ts";
import type { RecordedCall } from "./recorded-call.ts";
import { expectClearError } from "./settle.ts";

/** A bad release, kept as the moment `bad`, and what its rollback does where nobody disturbs it. */
export interface BadMoment {
  /** The commit to go back to. */
  readonly good: string;
  /** Who answers before and after. */
  readonly servedBy: string;
}

const rollback = (lab: Lab) => lab.start(["rollback", LAB_ENVIRONMENT, "infrastructure"]);

/** Rolls back once without any disturbance, to know what there is to disturb. */
export async function recordRollback(lab: Lab, { good, servedBy }: BadMoment): Promise<readonly RecordedCall[]> {
  await lab.backTo("bad");
  const { code, stdout, stderr } = await rollback(lab).ended;
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  const calls = [...lab.proxy.calls];
  await expectInfrastructureBack(lab, good, servedBy);
  // Were entries not recognised any more, there would be nothing to kill at, and nothing would fail.
  expect(calls.filter(({ addsEntry }) => addsEntry).length).toBeGreaterThan(20);
  return calls;
}

/** Where a rollback is killed, and how people go on. */
export interface RollbackKill extends EntryKill {
  /** `again`: the same command is typed once more. */
  readonly way: "resume" | "again";
}

/** @returns whether it was killed: what comes after its end is none */
export async function surviveRollbackKill(
  lab: Lab,
  { good, servedBy }: BadMoment,
  kill: RollbackKill,
): Promise<boolean> {
  await lab.backTo("bad");
  const before = (await lab.ledger()).entries.length;
  const { code, stdout, stderr } = await killedAtEntry(lab, kill, () => rollback(lab)).ended;
  expect(code === null ? 0 : code, `nothing but the kill may stop it:\n${stdout}\n${stderr}`).toBe(0);
  lab.proxy.begin();
  if (code === null) {
    const { entries } = await lab.ledger();
    const own = entries.slice(before);
    const hasBegun = own.some(({ body }) => body.type === "release.started");
    const isOver = own.some(({ body }) => body.type === "release.ended" && body.outcome === "live");
    const ran = isOver ? undefined : await (hasBegun && kill.way === "resume" ? lab.resume() : rollback(lab)).ended;
    expect(ran?.code ?? 0, `${ran?.stdout}\n${ran?.stderr}`).toBe(0);
    if (ran === undefined) {
      await leaseOver(lab);
    }
  }
  await expectInfrastructureBack(lab, good, servedBy);
  return code === null;
}

const MOST_COMMANDS = 20;

/**
 * Rolls back while calls to AWS fail, each once: it is done, or stops with a clear error and is resumed.
 *
 * @returns how often it had to be resumed, and how many of the calls failed: others did not come that often this time
 */
export async function rollBackThrough(
  lab: Lab,
  { good, servedBy }: BadMoment,
  { failure, calls }: FailingCalls,
): Promise<{ readonly struck: number; readonly resumed: number }> {
  await lab.backTo("bad");
  const before = (await lab.ledger()).entries.length;
  const left = new Set(calls);
  const seen = new Map<string, number>();
  let struck = 0;
  lab.proxy.begin(({ name, protocol }) => {
    const occurrence = (seen.get(name) ?? 0) + 1;
    seen.set(name, occurrence);
    const isStruck = protocol !== "none" && left.delete(`${name} #${occurrence}`);
    struck += isStruck ? 1 : 0;
    return isStruck ? failure : undefined;
  });
  for (let resumed = 0; resumed < MOST_COMMANDS; resumed += 1) {
    const { entries } = await lab.ledger();
    const hasBegun = entries.slice(before).some(({ body }) => body.type === "release.started");
    const earlier = struck;
    const ran = await (hasBegun ? lab.resume() : rollback(lab)).ended;
    if (ran.code === 0) {
      lab.proxy.begin();
      await expectInfrastructureBack(lab, good, servedBy);
      return { struck, resumed };
    }
    expect(struck, `it stopped although nothing had failed:\n${ran.stdout}\n${ran.stderr}`).toBeGreaterThan(earlier);
    expectClearError(ran);
  }
  throw new Error(`${MOST_COMMANDS} commands were not enough`);
}
