import type { Context } from "aws-lambda";

/** The part of Lambda's context that the handler reads. */
export function makeContext(remainingMs = 10_000): Context {
  const context: Partial<Context> = {
    awsRequestId: "invocation-1",
    functionVersion: "7",
    getRemainingTimeInMillis: () => remainingMs,
  };
  return context as Context;
}
