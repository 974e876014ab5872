import { StoreUnavailableError } from "../store/store-unavailable-error.ts";

/** For the answer, its log line, and the way back. */
const RESERVED_MS = 500;

/**
 * Waits for work as long as there is time to answer. Lambda ends an invocation that takes longer, and then there is no problem document,
 * no line in the log and no metric. A single call to the table is given up much earlier; this is for several slow ones in a row.
 *
 * @param remainingMs how long the invocation may still take
 * @throws {StoreUnavailableError} when the time is up; the work may be done all the same
 */
export async function beforeDeadline<Result>(work: Promise<Result>, remainingMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const timeIsUp = () =>
      reject(new StoreUnavailableError("The table has not answered in the time of the invocation."));
    timer = setTimeout(timeIsUp, Math.max(0, remainingMs - RESERVED_MS));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
