import { hasMovedTraffic, isUnfinished } from "@slipway/release-plan";
import type { ReleaseRecord } from "../ledger/release-record.ts";

/** The release that has to be resumed or put back before another may begin. */
export function unfinishedRelease(records: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  return records.findLast(isUnfinished);
}

/**
 * The release whose versions have the traffic, apart from what an unfinished one is doing: the newest that went live and was not put
 * back. Where a live one was put back, that is the one before it, although that was superseded.
 */
export function releaseWithTraffic(records: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  return records.findLast(
    (record) => record.state === "superseded" || (record.state === "live" && !isUnfinished(record)),
  );
}

/**
 * The release that a rollback is about: the unfinished one, else the newest that has the traffic or was put back. One that ended without
 * having moved any traffic is passed over: it has changed nothing for users, and must not hide the bad one before it.
 */
export function releaseToPutBack(records: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  const relevant = records.filter(
    (record) => record.state === "live" || record.state === "superseded" || hasMovedTraffic(record),
  );
  return unfinishedRelease(records) ?? relevant.at(-1) ?? records.at(-1);
}

/** `r1` for the first. */
export function nextReleaseId(records: readonly ReleaseRecord[]): string {
  return `r${Math.max(0, ...records.map(({ id }) => Number(id.slice(1)))) + 1}`;
}
