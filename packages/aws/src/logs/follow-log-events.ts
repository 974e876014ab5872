import { type Clock, type FollowWatcher, type LogEvent, ReleaseError } from "@slipway/release-engine";
import { SeenEvents } from "./seen-events.ts";

/** How events are followed. */
export interface FollowOptions {
  /** Milliseconds since the epoch. */
  readonly from: number;
  /** Milliseconds between two looks. */
  readonly pollMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly watcher?: FollowWatcher;
  /** How many given events are remembered; only tests need another than the default. */
  readonly mostSeen?: number;
}

/** How late an event may be after another one. Lambda hands lines over within seconds. */
const OVERLAP_MS = 60_000;
/** How far back is looked at most where nothing comes for long: a filter that seldom matches must not cost more and more. */
const LONGEST_LOOK_BACK_MS = 15 * 60_000;
const MOST_SEEN = 100_000;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Gives the events from a time on as they come, by looking again and again:
 *
 *     time --------------------------------------------->
 *     1st look  [from ............... newest]
 *     2nd look              [overlap. newest ... newer]     what was given in the overlap is not given again
 *     3rd look                           [overlap. newer ...
 *
 * The overlap is what finds an event that comes in after a newer one did.
 *
 * @param read - the events from a time on to the last one there is, in the order of time
 * @throws ReleaseError when the first look fails, or a later one with what does not pass by itself
 */
export async function* followLogEvents(
  read: (from: number) => AsyncIterable<LogEvent>,
  { from, pollMs, clock, signal, watcher, mostSeen = MOST_SEEN }: FollowOptions,
): AsyncGenerator<LogEvent, void> {
  const seen = new SeenEvents(mostSeen);
  let start = from;
  let newest = from;
  // Up to here nothing is missing but what is late.
  let completeUntil: number | undefined;
  let pauseMs = pollMs;
  let isTroubled = false;
  let hasAnswered = false;
  while (!signal.aborted) {
    const lookedAt = clock.now();
    try {
      for await (const event of read(start)) {
        hasAnswered = true;
        if (event.at >= start && !seen.has(event)) {
          seen.add(event);
          newest = Math.max(newest, event.at);
          yield event;
        }
        if (signal.aborted) {
          return;
        }
      }
      if (isTroubled) {
        isTroubled = false;
        watcher?.recovered?.();
      }
      if (completeUntil === undefined) {
        watcher?.caughtUp?.();
      }
      hasAnswered = true;
      completeUntil = lookedAt;
      pauseMs = pollMs;
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (!hasAnswered || !passes(error)) {
        throw error;
      }
      if (!isTroubled) {
        isTroubled = true;
        watcher?.troubled?.(error);
      }
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
    // An event may carry a time to come; it must not hide those of now.
    const overlap = Math.min(newest, lookedAt) - OVERLAP_MS;
    const lookBack = completeUntil === undefined ? from : completeUntil - LONGEST_LOOK_BACK_MS;
    start = Math.max(from, seen.floor, overlap, lookBack);
    seen.forgetBefore(start);
    await clock.sleep(pauseMs, signal);
  }
}

/** Whether it is worth trying again: AWS is too busy, cannot be reached, or broke down. */
function passes(error: unknown): error is ReleaseError {
  return (
    error instanceof ReleaseError &&
    (error.kind === "throttled" || error.kind === "unreachable" || (error.kind === "failed" && isFault(error.cause)))
  );
}

function isFault(cause: unknown): boolean {
  return cause instanceof Error && "$fault" in cause && cause.$fault === "server";
}
