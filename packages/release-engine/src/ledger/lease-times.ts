import type { LeaseRecord } from "../ports/ledger-table.ts";

/**
 * How far the clocks of two machines may be apart. A holder stops this much before its lease is over by the clock of who waits for it:
 *
 * ```
 * holder   taken ─────────────────── expiresAt │ does nothing any more
 * others   wait  ──────────────────────────────┼─────── + allowance │ may take it
 * ```
 */
export const SKEW_ALLOWANCE_MS = 3_000;

/** When a lease expires for its holder that gave a sign of life at a time: so that for everybody else it is over after `leaseSeconds`. */
export function expiryOf(sentAt: number, leaseSeconds: number): number {
  return sentAt + leaseSeconds * 1_000 - SKEW_ALLOWANCE_MS;
}

/** Whether others than its holder have to take it for held. */
export function leaseIsHeld({ expiresAt }: LeaseRecord, now: number): boolean {
  return now < Date.parse(expiresAt) + SKEW_ALLOWANCE_MS;
}
