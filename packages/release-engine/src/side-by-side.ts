import { assertNotInterrupted } from "./assert-not-interrupted.ts";
import { type FailureKind, ReleaseError } from "./release-error.ts";

/**
 * Does several things at the same time, of which the first that fails stops the others, and waits until all of them have stopped: nothing
 * goes on behind the caller's back once the error is told.
 *
 * @param asked given when somebody asks for a stop
 * @param what what was being done, for the message after such a stop
 * @param start begins all of it; none of it goes on once the signal that it gets is given
 * @returns what came of each, in their order
 * @throws what the one that failed has thrown; {@link ReleaseError} `interrupted` when they were asked to stop
 */
export async function sideBySide<T>(
  asked: AbortSignal,
  what: () => string,
  start: (signal: AbortSignal) => readonly Promise<T>[],
): Promise<readonly T[]> {
  const failure = new AbortController();
  const errors: unknown[] = [];
  const outcomes = await Promise.allSettled(
    start(AbortSignal.any([asked, failure.signal])).map((each) =>
      each.catch((error: unknown) => {
        errors.push(error);
        failure.abort();
        throw error;
      }),
    ),
  );
  if (errors.length > 0) {
    throw causeOf(errors, asked, what);
  }
  return outcomes.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
}

/** Of several errors: the others were stopped by the first, and a lost hold is why, whoever noticed first. */
function causeOf(errors: readonly unknown[], asked: AbortSignal, what: () => string): unknown {
  const isOfKind = (error: unknown, kind: FailureKind) => error instanceof ReleaseError && error.kind === kind;
  const cause =
    errors.find((error) => isOfKind(error, "conflict")) ?? errors.find((error) => !isOfKind(error, "interrupted"));
  if (cause === undefined) {
    assertNotInterrupted(asked, what());
  }
  return cause ?? errors[0];
}
