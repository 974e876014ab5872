import type { ReleaseRecord } from "../ledger/release-record.ts";
import { ReleaseError } from "../release-error.ts";
import { restoreInForce } from "./restore-in-force.ts";

/**
 * Why code cannot go back to the versions of a release: another table has taken the place of the one that they use, since. Those would
 * answer from what was there before, and could write nothing.
 *
 * @returns undefined where they can
 */
export function restoredSince(
  { environment, records, flags }: { environment: string; records: readonly ReleaseRecord[]; flags: string },
  target: ReleaseRecord,
): ReleaseError | undefined {
  const later = records.slice(records.indexOf(target) + 1);
  const restored = later.findLast((each) => restoreInForce(each) !== undefined);
  const restore = restored && restoreInForce(restored);
  if (restored === undefined || restore === undefined) {
    return undefined;
  }
  return new ReleaseError({
    kind: "usage",
    what: `The versions of ${target.id} use ${restore.table}, which ${restore.restored} has taken the place of`,
    why: `${restored.id} has restored it: they would answer from the old data, and its writes may still be stopped`,
    next: `check out the commit of ${target.id} (${target.plan.source.commit ?? "unknown"}), and release it anew: slipway deploy ${environment}${flags}`,
  });
}
