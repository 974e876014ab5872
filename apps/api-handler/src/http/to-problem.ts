import { StoreUnavailableError } from "../store/store-unavailable-error.ts";
import { Problem } from "./problem.ts";

const RETRY_AFTER_SECONDS = 2;

/** Turns anything that was thrown into the answer the client gets. What is not expected says nothing about its cause. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnavailableError) {
    return new Problem("temporarily-unavailable", `The items cannot be reached now. Try again in a few seconds.`, {
      headers: { "Retry-After": String(RETRY_AFTER_SECONDS) },
      cause: error.cause ?? error,
    });
  }
  return new Problem(
    "internal-error",
    "The request failed for a reason that is not its own. Give the requestId when you report it.",
    { cause: error },
  );
}
