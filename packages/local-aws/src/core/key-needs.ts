import type { AccessNeed, ConditionValues } from "./access.ts";
import type { KeyDirectory } from "./ports.ts";

/** What a service does with a KMS key for one of its resources. */
export interface KeyUse {
  readonly keyArn: string;
  /** `kms:GenerateDataKey`, `kms:Decrypt`... */
  readonly actions: readonly string[];
  /** As KMS gets it: `{ "aws:s3:arn": "arn:aws:s3:::bucket/key" }`. */
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

/**
 * What a caller needs so that a service may use a key in the caller's name (S3 for an object that is encrypted with it).
 *
 * @param service - as `kms:ViaService` has it before the Region: `s3`, `sns`, `sqs`, `dynamodb`
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function keyNeeds(
  keys: KeyDirectory | undefined,
  service: string,
  use: KeyUse,
  { region, accountId }: { readonly region: string; readonly accountId: string },
): AccessNeed[] {
  return needsOf(keys, use, viaService(service, { region, accountId }));
}

/**
 * Condition keys of a call to KMS that a service makes in the caller's name.
 *
 * @param service - as in {@link keyNeeds}
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
 */
export function viaService(
  service: string,
  { region, accountId }: { readonly region: string; readonly accountId: string },
): ConditionValues {
  return {
    "kms:ViaService": `${service}.${region}.amazonaws.com`,
    "kms:CallerAccount": accountId,
    "aws:ViaAWSService": "true",
  };
}

/** What a key's policy must allow to a service that acts by itself: nobody's account calls, so that AWS's own keys do not open to it. */
export function serviceKeyNeeds(keys: KeyDirectory | undefined, use: KeyUse): AccessNeed[] {
  return needsOf(keys, use, {});
}

function needsOf(
  keys: KeyDirectory | undefined,
  { keyArn, actions, encryptionContext }: KeyUse,
  caller: ConditionValues,
): AccessNeed[] {
  const conditions = {
    ...keys?.keyConditions?.(keyArn),
    ...caller,
    ...encryptionContextConditions(encryptionContext),
    "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
  };
  const resourcePolicy = keys?.keyPolicy(keyArn);
  return actions.map((action) => ({ action, resource: keyArn, conditions, resourcePolicy }));
}

/** An encryption context as condition keys. */
export function encryptionContextConditions(context: Readonly<Record<string, string>> | undefined): ConditionValues {
  if (context === undefined) {
    return {};
  }
  const pairs = Object.entries(context);
  return {
    ...Object.fromEntries(pairs.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
    "kms:EncryptionContextKeys": pairs.map(([name]) => name),
  };
}
