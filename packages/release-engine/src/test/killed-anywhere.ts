import { expect } from "vitest";
import { expectWhole } from "./expect-whole.ts";
import type { LabOptions, ReleaseLab } from "./release-lab.ts";

export interface KilledAnywhere {
  /** The state before. It is not changed. */
  readonly from: ReleaseLab;
  readonly work: (lab: ReleaseLab) => Promise<unknown>;
  /** What brings it to an end afterwards, unless it was killed before it had begun. */
  readonly recover: (lab: ReleaseLab) => Promise<unknown>;
  /** The work changes the release that is there, and begins no other. */
  readonly isSame?: boolean;
  /** How the newest release may have ended then, `r2 live`. */
  readonly ends: readonly string[];
}

/**
 * Kills the work after each lasting change that it makes, one at a time, and brings it to an end each time.
 *
 * @returns how many places it was killed at
 */
export async function killedAnywhere({ from, work, recover, isSame = false, ends }: KilledAnywhere): Promise<number> {
  const before = await from.newest();
  const worker = from.copy();
  const left = worker.copyAfterEach();
  await work(worker);
  for (const [index, lab] of left.entries()) {
    const place = `killed after change ${index + 1}`;
    const hasBegun = (await lab.newest()).id !== before.id || before.state === "paused" || isSame;
    await (hasBegun ? recover(lab) : lab.resume());
    const { id, state } = await lab.newest();
    expect(hasBegun ? ends : [`${before.id} ${before.state}`], place).toContain(`${id} ${state}`);
    await expectWhole(lab);
  }
  return left.length;
}

export const deploy = (options: LabOptions) => (lab: ReleaseLab) => lab.deploy(options);
export const resume = (options: LabOptions) => (lab: ReleaseLab) => lab.resume(options);
export const rollback = (options: LabOptions) => (lab: ReleaseLab) => lab.rollback(options);
