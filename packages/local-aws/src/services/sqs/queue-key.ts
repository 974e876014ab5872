import { AwsError } from "../../core/aws-error.ts";
import type { KeyUse } from "../../core/key-needs.ts";
import type { Queue, SqsState } from "./sqs-state.ts";

/** What sending to an encrypted queue does with its key. */
export const SENDING = ["kms:GenerateDataKey", "kms:Decrypt"];
/** What receiving from one does. */
export const RECEIVING = ["kms:Decrypt"];

/**
 * A queue that is encrypted with a KMS key is of no use without it.
 *
 * @throws AwsError `KmsNotFound`
 */
export function requireKey({ keys }: Pick<SqsState, "keys">, { attributes }: Queue): void {
  const key = attributes.KmsMasterKeyId;
  if (key !== undefined && keys.findKeyArn(key) === undefined) {
    throw new AwsError("KmsNotFound", `The KMS key ${key} of the queue does not exist.`);
  }
}

/**
 * The use of a queue's key; none where SQS owns the key, or where it is not there any more.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function keyUse(
  { keys }: Pick<SqsState, "keys">,
  { arn, attributes }: Queue,
  actions: readonly string[],
): KeyUse | undefined {
  const key = attributes.KmsMasterKeyId;
  const keyArn = key === undefined ? undefined : keys.findKeyArn(key);
  return keyArn === undefined ? undefined : { keyArn, actions, encryptionContext: { "aws:sqs:arn": arn } };
}
