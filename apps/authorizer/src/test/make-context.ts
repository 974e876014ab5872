import type { Context } from "aws-lambda";

/** The part of Lambda's context that the authorizer reads. */
export function makeContext(): Context {
  const context: Partial<Context> = { awsRequestId: "invocation-1", functionVersion: "7" };
  return context as Context;
}
