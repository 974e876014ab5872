import { Problem } from "./problem.ts";

const passing = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
  "TimeoutError",
]);
const unreachable = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EPIPE", "ETIMEDOUT"]);

/** Turns anything that was thrown into the answer that the client gets. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  if (error instanceof Error && mayPass(error)) {
    return new Problem("temporarily-unavailable", "The items cannot be reached now. Try again in a few seconds.", {
      headers: { "Retry-After": "2" },
      cause: error,
    });
  }
  return new Problem("internal-error", "The request failed. Give the requestId when you report it.", { cause: error });
}

function mayPass(error: Error & { code?: unknown; $metadata?: { httpStatusCode?: number } }): boolean {
  return (
    passing.has(error.name) || unreachable.has(String(error.code)) || (error.$metadata?.httpStatusCode ?? 0) >= 500
  );
}
