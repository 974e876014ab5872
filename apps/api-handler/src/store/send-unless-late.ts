import type { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { StoreUnavailableError } from "./store-unavailable-error.ts";

/** Carries a timeout past the SDK's retries, which look into `cause` for one. */
class LateError extends Error {
  readonly timeout: unknown;

  constructor(timeout: unknown) {
    super("The answer is late.");
    this.timeout = timeout;
  }
}

/**
 * Sends a write that another write can undo, with the SDK's retries but for one: what has not been answered in time may still be under
 * way, and is not sent again.
 *
 *     create ── late ........................................ done: it is back
 *        └───── again: create ── done ── 201 ── delete ── 204
 *
 * @throws {StoreUnavailableError} when the answer is late; the write may be done all the same
 */
export async function sendUnlessLate(client: DynamoDBClient, command: PutItemCommand): Promise<void> {
  command.middlewareStack.add(
    (next) => async (call) => {
      try {
        return await next(call);
      } catch (error) {
        throw isLate(error) ? new LateError(error) : error;
      }
    },
    // Inside of the retries, which are of a high priority.
    { step: "finalizeRequest", priority: "low", name: "unlessLate" },
  );
  try {
    await client.send(command);
  } catch (error) {
    if (!(error instanceof LateError)) throw error;
    throw new StoreUnavailableError("The items table has not answered in time.", { cause: error.timeout });
  }
}

/** The SDK calls a connection that was cut a timeout, too: nothing is under way on it any more. */
function isLate(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError" && !["ECONNRESET", "EPIPE"].includes(codeOf(error));
}

function codeOf(error: Error & { code?: unknown }): string {
  return String(error.code);
}
