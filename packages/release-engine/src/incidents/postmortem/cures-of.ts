import type { LedgerEntry } from "@slipway/contracts";
import type { ReleaseRecord } from "../../ledger/release-record.ts";
import { releases } from "../../ledger/releases.ts";

/** A release that took something back. */
export interface Cure {
  readonly release: ReleaseRecord;
  /** ISO time at which it had its effect: when its traffic had moved, which is before it has ended. */
  readonly at: string;
}

/**
 * What was taken back since a time, in order: by rollbacks, and by putting back a release, which may have begun before.
 *
 * @param since ISO time
 */
export function curesOf(entries: readonly LedgerEntry[], since: string): readonly Cure[] {
  return releases(entries)
    .flatMap((release) => {
      const at = tookBackAt(release);
      return at === undefined || at < since || (release.plan.rollsBack !== undefined && release.startedAt < since)
        ? []
        : [{ release, at }];
    })
    .toSorted((left, right) => (left.at < right.at ? -1 : 1));
}

function tookBackAt({ plan, steps, liveAt, state, endedAt }: ReleaseRecord): string | undefined {
  const restored = [...steps.values()].find((step) => step.kind === "traffic.restore" && step.state === "done");
  if (restored !== undefined || state === "put-back") {
    return restored?.at ?? endedAt;
  }
  const isDone = state === "live" || state === "done" || state === "superseded";
  return plan.rollsBack === undefined ? undefined : (liveAt ?? (isDone ? endedAt : undefined));
}
