import type { TimeWindow } from "../costs/usage.ts";
import { lowerRateBound } from "../verdicts/exact/binomial-bounds.ts";
import { binomialLowerTail, binomialUpperTail } from "../verdicts/exact/binomial-tail.ts";

/** How many of how many in a minute. */
export interface SharePoint {
  readonly at: number;
  readonly events: number;
  readonly total: number;
}

/** When a share counts as above its limit. */
export interface SharePolicy {
  /** From 0 to 1. */
  readonly limit: number;
  /** Fewer units than these say nothing about a share. */
  readonly minimumTotal: number;
  /** Fewer events than these are no incident: 5. */
  readonly minimumEvents?: number;
  /** How often a share at its limit may be found above it by one look: 1 in 100,000, since a week has 10,080 looks. */
  readonly falseAlarms?: number;
}

/** A share that is above its limit, and would not be by chance. */
export interface FoundShare {
  readonly events: number;
  readonly total: number;
  /** What it was counted in. */
  readonly minutes: number;
  /** Beginning of the first minute of the trouble that goes on. */
  readonly since: number;
}

const MINUTE_MS = 60_000;
/** So many good minutes between two bad ones do not end the trouble. */
const GAP_MINUTES = 2;
/** A long look back says that something goes on only if it does so now. */
const LEAST_NOW = 2;
/** How often a share may be taken for more than it is. */
const PLAIN = 0.01;
/** How often what goes on may be taken for over. */
const OVER = 0.01;

/**
 * Whether a share is above its limit beyond chance (exact binomial test): first in the window, where trouble is found that is plain; then in
 * all that was read, where trouble is found that takes longer to tell from chance, if it goes on in the window.
 *
 * ```
 * read    |- - - - - - - - - - - - - - - - - - - -|  30 min: 3 % of few requests
 * window                                  |- - - -|   5 min: 10 % of some, 3 % of many
 * ```
 */
export function findShare(
  points: readonly SharePoint[],
  { window, read }: { readonly window: TimeWindow; readonly read: TimeWindow },
  policy: SharePolicy,
): FoundShare | undefined {
  const now = sumOf(points, window.from);
  if (isAbove(now, policy)) {
    const since = beginningOf(points, policy.limit, window.from);
    return (
      freshShare(points, { from: since, to: window.to }, now, policy) ?? { ...now, minutes: minutesOf(window), since }
    );
  }
  if (now.events < LEAST_NOW) {
    return undefined;
  }
  const all = sumOf(points, read.from);
  return isAbove(all, policy) && goesOn(now, all)
    ? { ...all, minutes: minutesOf(read), since: beginningOf(points, policy.limit, window.from) }
    : undefined;
}

/** Whether what is seen now is what the whole time looks like: where it is much less, what is in the numbers is over. */
function goesOn(now: Omit<SharePoint, "at">, all: Omit<SharePoint, "at">): boolean {
  const share = Math.min(1, all.events / all.total);
  return binomialLowerTail(Math.round(Math.min(now.events, now.total)), Math.round(now.total), share) >= OVER;
}

/** Of trouble that has just begun: the share since then, where it is plainly more than that of a window with good minutes in it. */
function freshShare(
  points: readonly SharePoint[],
  since: TimeWindow,
  now: Omit<SharePoint, "at">,
  { minimumTotal }: SharePolicy,
): FoundShare | undefined {
  const fresh = sumOf(points, since.from);
  const isPlain =
    fresh.total >= minimumTotal &&
    fresh.total < now.total &&
    lowerRateBound(Math.round(Math.min(fresh.events, fresh.total)), Math.round(fresh.total), PLAIN) >
      now.events / now.total;
  return isPlain ? { ...fresh, minutes: minutesOf(since), since: since.from } : undefined;
}

/** Whether a share that keeps the limit would hardly ever be seen like this. */
export function isAbove({ events, total }: Omit<SharePoint, "at">, policy: SharePolicy): boolean {
  const { limit, minimumTotal, minimumEvents = 5, falseAlarms = 1e-5 } = policy;
  return (
    total >= minimumTotal &&
    events >= minimumEvents &&
    events > limit * total &&
    // Counts may come from two metrics that do not agree to the last one.
    binomialUpperTail(Math.round(Math.min(events, total)), Math.round(total), limit) <= falseAlarms
  );
}

/** All points from a time on, together. */
export function sumOf(points: readonly SharePoint[], from: number): { events: number; total: number } {
  let [events, total] = [0, 0];
  for (let index = points.length - 1; index >= 0; index -= 1) {
    const point = points[index];
    if (point === undefined || point.at < from) {
      break;
    }
    events += point.events;
    total += point.total;
  }
  return { events, total };
}

/** Back from the last bad minute as long as there is hardly a good one between. */
function beginningOf(points: readonly SharePoint[], limit: number, fallback: number): number {
  let since: number | undefined;
  for (const { at, events, total } of points.toReversed()) {
    if (since !== undefined && since - at > (GAP_MINUTES + 1) * MINUTE_MS) {
      break;
    }
    if (events > 0 && events > limit * total) {
      since = at;
    }
  }
  return since ?? fallback;
}

function minutesOf({ from, to }: TimeWindow): number {
  return Math.max(1, Math.ceil((to - from) / MINUTE_MS));
}
