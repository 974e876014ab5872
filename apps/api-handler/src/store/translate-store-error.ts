import { StoreUnavailableError } from "./store-unavailable-error.ts";

/**
 * Runs a call to DynamoDB and tells errors that pass by themselves from all others, which are rethrown as they are.
 *
 * @throws {StoreUnavailableError} throttled, failed on the service's side, or not reached, after the SDK's own retries
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export async function translateStoreError<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && isPassing(error)) {
      throw new StoreUnavailableError("The items table is unavailable.", {
        cause: error,
        isThrottled: THROTTLED.has(error.name),
      });
    }
    throw error;
  }
}

const THROTTLED = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
  "ThrottledException",
]);
/** A transaction is at work on the item, or the same one still is: 400, though nothing is wrong with the request. */
const BUSY = new Set(["TransactionConflictException", "TransactionInProgressException"]);
const NOT_REACHED = new Set([
  "TimeoutError",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
]);

function isPassing(error: Error & { code?: unknown; $metadata?: { httpStatusCode?: number } }): boolean {
  if ([THROTTLED, BUSY, NOT_REACHED].some((names) => names.has(error.name))) return true;
  if (NOT_REACHED.has(String(error.code))) return true;
  return (error.$metadata?.httpStatusCode ?? 0) >= 500;
}
