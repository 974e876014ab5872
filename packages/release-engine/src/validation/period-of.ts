import type { TimeWindow } from "@slipway/analysis";

const MINUTE_MS = 60_000;

/**
 * What is judged: the last `lengthMs`, but nothing from before the release. Metrics come by the minute, so it begins with a whole one:
 * the minute of the release itself belongs to what was there before, too.
 *
 * @returns undefined when the release is so fresh that no minute is its own yet
 */
export function periodOf(now: number, lengthMs: number, releasedAt: number | undefined): TimeWindow | undefined {
  const from = ceilMinute(Math.max(now - lengthMs, releasedAt ?? Number.NEGATIVE_INFINITY));
  return from < now ? { from, to: now } : undefined;
}

/** As long before the release, up to the minute that it fell into. */
export function baselineOf(lengthMs: number, releasedAt: number | undefined): TimeWindow | undefined {
  if (releasedAt === undefined) {
    return undefined;
  }
  const to = Math.floor(releasedAt / MINUTE_MS) * MINUTE_MS;
  return { from: to - lengthMs, to };
}

function ceilMinute(at: number): number {
  return Math.ceil(at / MINUTE_MS) * MINUTE_MS;
}
