import { expect } from "vitest";
import { expectConsistent } from "./expect-consistent.ts";
import { type EntryKill, killedAtEntry } from "./killed-at-entry.ts";
import type { Lab } from "./lab.ts";
import { leaseOver } from "./lease-over.ts";
import type { RecordedCall } from "./recorded-call.ts";
import type { ReleaseProcess } from "./release-process.ts";
import { expectClearError, expectServedBy } from "./settle.ts";

/** A rollback from the third release, and who goes on with it. */
export interface KilledRollback extends EntryKill {
  /** To the first release, by a release of its own; or to the one before, by putting the third one back. */
  readonly to: "r1" | "r2";
  readonly way: "again" | "resume";
}

const SERVED = { r1: "one", r2: "two" } as const;

const start = (lab: Lab, to: KilledRollback["to"]): ReleaseProcess => lab.start(["rollback", "live", "--to", to]);

/** Rolls back once without any disturbance. @returns its calls */
export async function recordRollback(lab: Lab, to: KilledRollback["to"]): Promise<readonly RecordedCall[]> {
  await lab.backTo("three");
  const { code, stdout, stderr } = await start(lab, to).ended;
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  const calls = [...lab.proxy.calls];
  await expectConsistent(lab);
  await expectServedBy(lab, SERVED[to]);
  return calls;
}

/**
 * Kills a rollback at an entry of the ledger, goes on with it, and checks that everything agrees.
 *
 * @returns whether it was killed
 */
export async function surviveKilledRollback(lab: Lab, kill: KilledRollback): Promise<boolean> {
  await lab.backTo("three");
  const { code, stdout, stderr } = await killedAtEntry(lab, kill, () => start(lab, kill.to)).ended;
  expect(code === null ? 0 : code, `nothing but the kill may stop it:\n${stdout}\n${stderr}`).toBe(0);
  lab.proxy.begin();
  if (kill.way === "resume") {
    const resumed = await lab.resume().ended;
    // Where it had not begun, or has ended, there may be nothing to resume. A release that is put back has not come to where it was to.
    const said = `${resumed.stdout}${resumed.stderr}`;
    const wasPutBack = kill.to === "r2" && /was PUT BACK|to go on with: r3 is put-back/.test(said);
    expect(wasPutBack ? [1] : [0, 2], `${resumed.stdout}\n${resumed.stderr}`).toContain(resumed.code);
    if (resumed.code === 2) {
      expectClearError(resumed);
    }
  }
  // Who is not sure types it again: what is there already is left as it is.
  const again = await start(lab, kill.to).ended;
  expect(again.code, `${again.stdout}\n${again.stderr}`).toBe(0);
  await leaseOver(lab);
  const settled = await expectConsistent(lab);
  expect(["live", "put-back"]).toContain(settled.outcome);
  await expectServedBy(lab, SERVED[kill.to]);
  return code === null;
}
