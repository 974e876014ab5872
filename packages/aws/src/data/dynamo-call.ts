import { awsCall } from "../aws-call.ts";

/** Makes a call about a table, and says what its error means. */
export function dynamoCall<T>(
  action: string,
  subject: string,
  signal: AbortSignal | undefined,
  send: Parameters<typeof awsCall<T>>[3],
): Promise<T> {
  return awsCall(`dynamodb:${action}`, subject, signal, send);
}
