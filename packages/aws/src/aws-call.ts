import { assertNotInterrupted } from "@slipway/release-engine";
import { translateAwsError } from "./translate-aws-error.ts";

/**
 * Makes a call to AWS, and says what its error means.
 *
 * @param action `dynamodb:DescribeTable`
 * @param subject what it is about, for messages: `items-prod`
 * @throws {ReleaseError} `interrupted` when asked to stop; what AWS has answered, or that it did not
 */
export async function awsCall<T>(
  action: string,
  subject: string,
  signal: AbortSignal | undefined,
  send: (options: { readonly abortSignal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  try {
    return await send(signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    assertNotInterrupted(signal, `during ${action} on ${subject}`);
    throw translateAwsError(error, { action, subject });
  }
}
