import type { SmokeResult } from "@slipway/contracts";
import { type FailureKind, ReleaseError } from "../release-error.ts";

/** How often a scenario is run in all where it was broken off by a request without an answer. */
const MOST_RUNS = 3;

const PASSING: ReadonlySet<FailureKind> = new Set(["unreachable", "throttled", "failed"]);

/** Whether a call that got no answer may get one the next time, and says nothing about what was asked. */
export function isPassing({ kind }: ReleaseError): boolean {
  return PASSING.has(kind);
}

/** Runs a scenario, and keeps the error of a request that got no answer. */
export type AnsweredRun = (onError: (error: ReleaseError) => void) => Promise<SmokeResult>;

/**
 * Runs a smoke scenario until it says something about what is asked. A connection that was lost says nothing, so the whole scenario is run
 * again, with values of its own; an answer that is not as it must be is judged at once, and so is one that does not come in time.
 *
 * @returns the last run
 * @throws {ReleaseError} where nobody could ask: a right is missing, or the lease is lost
 */
export async function untilAnswered(
  run: AnsweredRun,
): Promise<{ readonly smoke: SmokeResult; readonly error?: ReleaseError }> {
  for (let runs = 1; ; runs += 1) {
    let error: ReleaseError | undefined;
    const smoke = await run((each) => {
      // The first counts: those after it may be its consequence.
      error ??= each;
    });
    const failed = [...smoke.steps, ...smoke.cleanup].find(({ outcome }) => outcome === "failed");
    if (error === undefined || failed === undefined || failed.status !== undefined || error.kind === "timeout") {
      return { smoke };
    }
    if (!isPassing(error)) {
      throw error;
    }
    if (runs === MOST_RUNS) {
      return { smoke, error };
    }
  }
}

/** A function of a port that tells of its errors. */
export function telling<A extends unknown[], T>(
  call: (...args: A) => Promise<T>,
  onError: (error: ReleaseError) => void,
): (...args: A) => Promise<T> {
  return async (...args) => {
    try {
      return await call(...args);
    } catch (error) {
      if (error instanceof ReleaseError) {
        onError(error);
      }
      throw error;
    }
  };
}
