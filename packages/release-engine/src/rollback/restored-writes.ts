import type { TableRestore } from "@slipway/contracts";
import { hasMovedTraffic } from "@slipway/release-plan";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { ReleaseError } from "../release-error.ts";

/**
 * The restore whose table users may have written to, and whose writes nobody sees any more once it is put back: the table before is as it
 * was at the switch.
 *
 * @returns undefined where no writes are lost
 */
export function restoredWrites(record: Pick<ReleaseRecord, "plan" | "steps" | "state">): TableRestore | undefined {
  const { restore } = record.plan.rollsBack ?? {};
  return restore?.variable !== undefined && hasMovedTraffic(record) ? restore : undefined;
}

/** What is lost, in a sentence without a full stop. */
export function restoredWritesWords({ table, restored }: TableRestore): string {
  return `every write since the switch to ${restored} is lost to users: ${table} is as it was then, and nothing merges the two; ${restored} is left for who wants to look`;
}

/**
 * Asks that somebody has typed the name of the table whose writes are lost. What is on its way back already was asked before.
 *
 * @param command what was typed, without the confirmation
 * @throws {ReleaseError} `usage`, with the command that confirms it
 */
export function assertLossConfirmed(record: ReleaseRecord, confirmed: readonly string[], command: string): void {
  const restore = restoredWrites(record);
  if (restore === undefined || record.puttingBack !== undefined || confirmed.includes(restore.restored)) {
    return;
  }
  const { environment } = record.plan;
  throw new ReleaseError({
    kind: "usage",
    what: `${record.id} of ${environment} has let ${restore.restored} take the place of ${restore.table}: putting it back loses data`,
    why: restoredWritesWords(restore),
    next: `to keep them, release a fix of the code instead. To lose them: ${command} --confirm ${restore.restored}`,
  });
}
