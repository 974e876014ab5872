import type { StateLock } from "../ports/release-terraform.ts";

/**
 * When a lock was taken, in milliseconds since the epoch on the clock of the machine that Terraform ran on: it writes
 * `2026-11-28 12:00:00.123456789 +0000 UTC`, or the same as RFC 3339, always UTC. NaN where it is neither.
 */
export function lockedAt({ created }: Pick<StateLock, "created">): number {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*(?:Z| \+0000 UTC)$/.exec(created) ?? [];
  return Date.parse(`${day}T${time}Z`);
}
