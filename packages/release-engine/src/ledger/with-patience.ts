import type { Clock } from "../ports/clock.ts";
import { type FailureKind, ReleaseError } from "../release-error.ts";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** What failed for a reason that is no matter of time may be worth another try, and not many. */
const ATTEMPTS_AFTER_FAILURE = 4;

const passing: ReadonlySet<FailureKind> = new Set(["throttled", "unreachable", "timeout"]);

/**
 * Makes a call again while it fails for a reason that passes, with pauses that double, as long as there is time.
 *
 * @param until time on the clock after which it is not tried again
 * @throws what the call throws last
 */
export async function withPatience<T>(clock: Clock, until: number, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ReleaseError) || !isWorthAnotherTry(error, attempt)) {
        throw error;
      }
      const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      // Between half of it and all of it: what was refused together must not come back together.
      const pause = ceiling * (0.5 + Math.random() / 2);
      if (clock.now() + pause >= until) {
        throw error;
      }
      await clock.sleep(pause);
    }
  }
}

function isWorthAnotherTry({ kind }: ReleaseError, attempt: number): boolean {
  return passing.has(kind) || (kind === "failed" && attempt < ATTEMPTS_AFTER_FAILURE);
}
