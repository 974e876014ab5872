import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type AwsClientOptions, clientSettings } from "../client-settings.ts";
import { translateAwsError } from "../translate-aws-error.ts";

/** Longer than this nobody waits to be told who they are. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * ARN of whoever these credentials belong to, as AWS sees them; it needs no permission.
 *
 * @throws {ReleaseError} when there are no credentials, or AWS does not know them
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function callerIdentity(options: AwsClientOptions): Promise<string> {
  const sts = new STSClient(clientSettings(options));
  try {
    const { Arn = "" } = await sts.send(new GetCallerIdentityCommand({}), {
      abortSignal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return Arn;
  } catch (error) {
    throw translateAwsError(error, { action: "sts:GetCallerIdentity", subject: "these credentials" });
  } finally {
    sts.destroy();
  }
}
