import type { MeasuredValue } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import { ReleaseError } from "../release-error.ts";

/** What to do after an interruption: nothing is kept of what was measured. */
export const BEGINS_ANEW = "type the same command again: it begins anew";

/**
 * Measures something, or says why not: one thing that cannot be looked at leaves the others to be judged.
 *
 * @throws {ReleaseError} `interrupted` when asked to stop; whatever is no ReleaseError
 */
export async function attempt<T>(
  measure: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<MeasuredValue<T>> {
  try {
    return { value: await measure() };
  } catch (error) {
    assertNotInterrupted(signal, "while the deployment was measured; nothing was changed", BEGINS_ANEW);
    if (!(error instanceof ReleaseError) || error.kind === "interrupted") {
      throw error;
    }
    return { unknown: `${error.what}: ${error.why}`, next: error.next };
  }
}
