import { ReleaseError } from "./release-error.ts";

/**
 * @param what what would have come next, `before the alias is moved`
 * @param next what to do where the same command would not go on where it stopped
 * @throws {ReleaseError} `interrupted` when the signal has been given
 */
export function assertNotInterrupted(
  signal: AbortSignal | undefined,
  what: string,
  next = "type the same command again: it goes on where it stopped",
): void {
  if (signal?.aborted) {
    throw new ReleaseError({
      kind: "interrupted",
      what: `Stopped ${what}`,
      why: "it was asked to stop",
      next,
    });
  }
}
