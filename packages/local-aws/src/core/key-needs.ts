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
  return needsOf(keys, use, {
    "kms:ViaService": `${service}.${region}.amazonaws.com`,
    "kms:CallerAccount": accountId,
  });
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
  const conditions = { ...caller, ...encryptionContextConditions(encryptionContext) };
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
