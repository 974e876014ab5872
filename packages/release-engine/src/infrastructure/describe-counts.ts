import type { ChangeCounts } from "@slipway/contracts";

/** What a plan does, in one line. */
export function describeCounts({ add, change, destroy }: ChangeCounts): string {
  return add + change + destroy === 0
    ? "only outputs change"
    : `${add} to add, ${change} to change, ${destroy} to destroy`;
}
