import { assertNotInterrupted } from "@slipway/release-engine";
import { translateAwsError } from "../translate-aws-error.ts";

/** Makes a call about a table, and says what its error means. */
export async function dynamoCall<T>(
  action: string,
  subject: string,
  signal: AbortSignal | undefined,
  send: (options: { readonly abortSignal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  try {
    return await send({ abortSignal: signal });
  } catch (error) {
    assertNotInterrupted(signal, `during dynamodb:${action} on ${subject}`);
    throw translateAwsError(error, { action: `dynamodb:${action}`, subject });
  }
}
