import { assertNotInterrupted } from "./assert-not-interrupted.ts";
import type { Clock } from "./ports/clock.ts";
import { ReleaseError } from "./release-error.ts";

export interface Wait<T> {
  /** What is waited for, in words: `the update of api-handler-prod`. */
  what: string;
  timeoutMs: number;
  look(): Promise<T>;
  /** Whether it is over. May throw when it has ended badly. */
  isOver(seen: T): boolean;
  signal?: AbortSignal;
}

const firstPauseMs = 100;
const longestPauseMs = 2_000;

/**
 * Looks again and again, less and less often, until it is over.
 *
 * @returns what was seen last
 * @throws {ReleaseError} `timeout` when it is not over in time, `interrupted` when asked to stop
 */
export async function waitUntil<T>(clock: Clock, { what, timeoutMs, look, isOver, signal }: Wait<T>): Promise<T> {
  const startedAt = clock.now();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const seen = await look();
    if (isOver(seen)) {
      return seen;
    }
    if (clock.now() - startedAt >= timeoutMs) {
      throw new ReleaseError({
        kind: "timeout",
        what: `${what} did not end in time`,
        why: `waited ${timeoutMs / 1000} s`,
        next: "look at it in AWS; when it has ended, type the same command again",
      });
    }
    assertNotInterrupted(signal, `while waiting for ${what}`);
    await clock.sleep(pauseMs, signal);
  }
}
