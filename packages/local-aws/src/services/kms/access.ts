import type { AccessNeed, AccessNeeds, ConditionValues, ResourcePolicy } from "../../core/access.ts";
import { AwsError } from "../../core/aws-error.ts";
import { encryptionContextConditions } from "../../core/key-needs.ts";
import type { RequestContext } from "../../core/service.ts";
import { requestTagConditions, resourceTagConditions } from "../../core/tag-conditions.ts";
import { keyOfCiphertext } from "./ciphertext.ts";
import { tagRecord } from "./key-tags.ts";
import type { KeyRecord, Kms, KmsState } from "./kms-state.ts";

/** A request that names a key by id, ARN or alias. */
interface KeyInput {
  readonly KeyId?: string | undefined;
}

/** A key's policy: without its consent nobody may do anything. */
export function keyPolicyOf({ arn, policy }: KeyRecord): ResourcePolicy {
  return { name: `key policy of ${arn}`, document: policy, mode: "required" };
}

/**
 * What each operation of KMS needs. A key that is not there is asked for by the name it was given, so that only who may use any key
 * learns that it is missing.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export function kmsAccess(state: KmsState): AccessNeeds<Kms> {
  return { ...keyAccess(state), ...aliasAccess(state), ...cryptoAccess(state) };
}

function keyAccess(state: KmsState) {
  const on =
    <I extends KeyInput>(action: string, conditionsOf: (input: I) => ConditionValues = () => ({})) =>
    (input: I, context: RequestContext): AccessNeed[] => [
      keyNeed(state, action, input.KeyId, context, conditionsOf(input)),
    ];

  return {
    CreateKey(input, context) {
      const tags = tagRecord(input.Tags ?? []);
      const conditions = {
        ...callerConditions(context),
        ...requestTagConditions(tags),
        "kms:KeySpec": input.KeySpec ?? "SYMMETRIC_DEFAULT",
        "kms:KeyUsage": input.KeyUsage ?? "ENCRYPT_DECRYPT",
        "kms:KeyOrigin": input.Origin ?? "AWS_KMS",
        "kms:MultiRegion": String(input.MultiRegion ?? false),
        "kms:BypassPolicyLockoutSafetyCheck": String(input.BypassPolicyLockoutSafetyCheck ?? false),
      };
      // Nobody knows the ARN of a key before it is there, so that a permission to tag new keys has to cover any.
      const anyKey = `arn:aws:kms:${context.region}:${context.accountId}:key/*`;
      return [
        { action: "kms:CreateKey", resource: "*", conditions },
        ...(Object.keys(tags).length === 0 ? [] : [{ action: "kms:TagResource", resource: anyKey, conditions }]),
      ];
    },
    DescribeKey: on("kms:DescribeKey"),
    ListKeys: (_input, context) => [anywhere("kms:ListKeys", context)],
    EnableKey: on("kms:EnableKey"),
    DisableKey: on("kms:DisableKey"),
    UpdateKeyDescription: on("kms:UpdateKeyDescription"),
    ScheduleKeyDeletion: on("kms:ScheduleKeyDeletion", (input: KeyInput & { PendingWindowInDays?: number }) => ({
      "kms:ScheduleKeyDeletionPendingWindowInDays": String(input.PendingWindowInDays ?? 30),
    })),
    CancelKeyDeletion: on("kms:CancelKeyDeletion"),
    EnableKeyRotation: on("kms:EnableKeyRotation", (input: KeyInput & { RotationPeriodInDays?: number }) => ({
      "kms:RotationPeriodInDays": String(input.RotationPeriodInDays ?? 365),
    })),
    DisableKeyRotation: on("kms:DisableKeyRotation"),
    GetKeyRotationStatus: on("kms:GetKeyRotationStatus"),
    GetKeyPolicy: on("kms:GetKeyPolicy"),
    PutKeyPolicy: on("kms:PutKeyPolicy", (input: KeyInput & { BypassPolicyLockoutSafetyCheck?: boolean }) => ({
      "kms:BypassPolicyLockoutSafetyCheck": String(input.BypassPolicyLockoutSafetyCheck ?? false),
    })),
    ListKeyPolicies: on("kms:ListKeyPolicies"),
    TagResource: on("kms:TagResource", (input: KeyInput & { Tags?: Parameters<typeof tagRecord>[0] }) =>
      requestTagConditions(tagRecord(input.Tags ?? [])),
    ),
    UntagResource: on("kms:UntagResource", (input: KeyInput & { TagKeys?: readonly string[] }) => ({
      "aws:TagKeys": input.TagKeys ?? [],
    })),
    ListResourceTags: on("kms:ListResourceTags"),
  } satisfies AccessNeeds<Kms>;
}

/** What is done to an alias is done to its key, too. */
function aliasAccess(state: KmsState) {
  const onAlias = (action: string, name: string | undefined, context: RequestContext): AccessNeed => ({
    action,
    resource: state.aliasArn(name ?? ""),
    conditions: callerConditions(context),
  });

  return {
    CreateAlias: ({ AliasName, TargetKeyId }, context) => [
      onAlias("kms:CreateAlias", AliasName, context),
      keyNeed(state, "kms:CreateAlias", TargetKeyId, context),
    ],
    UpdateAlias: ({ AliasName, TargetKeyId }, context) => [
      onAlias("kms:UpdateAlias", AliasName, context),
      ...currentKeyNeeds(state, "kms:UpdateAlias", AliasName, context),
      keyNeed(state, "kms:UpdateAlias", TargetKeyId, context),
    ],
    DeleteAlias: ({ AliasName }, context) => [
      onAlias("kms:DeleteAlias", AliasName, context),
      ...currentKeyNeeds(state, "kms:DeleteAlias", AliasName, context),
    ],
    ListAliases: (_input, context) => [anywhere("kms:ListAliases", context)],
  } satisfies AccessNeeds<Kms>;
}

function cryptoAccess(state: KmsState) {
  const generating = (action: string) => (input: DataKeyInput, context: RequestContext) => [
    keyNeed(state, action, input.KeyId, context, {
      ...encryptionContextConditions(input.EncryptionContext),
      "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
    }),
  ];

  return {
    Encrypt: generating("kms:Encrypt"),
    GenerateDataKey: generating("kms:GenerateDataKey"),
    GenerateDataKeyWithoutPlaintext: generating("kms:GenerateDataKeyWithoutPlaintext"),
    GenerateRandom: (_input, context) => [anywhere("kms:GenerateRandom", context)],
    Decrypt: ({ CiphertextBlob, KeyId, EncryptionContext }, context) => [
      keyNeed(state, "kms:Decrypt", ciphertextKey(state, CiphertextBlob) ?? KeyId, context, {
        ...encryptionContextConditions(EncryptionContext),
        "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
        ...requestAlias(KeyId),
      }),
    ],
    ReEncrypt(input, context) {
      const source = ciphertextKey(state, input.CiphertextBlob) ?? input.SourceKeyId;
      const isSame = find(state, source)?.id === find(state, input.DestinationKeyId)?.id;
      const both = { "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT", "kms:ReEncryptOnSameKey": String(isSame) };
      return [
        keyNeed(state, "kms:ReEncryptFrom", source, context, {
          ...encryptionContextConditions(input.SourceEncryptionContext),
          ...both,
        }),
        keyNeed(state, "kms:ReEncryptTo", input.DestinationKeyId, context, {
          ...encryptionContextConditions(input.DestinationEncryptionContext),
          ...both,
        }),
      ];
    },
  } satisfies AccessNeeds<Kms>;
}

interface DataKeyInput extends KeyInput {
  readonly EncryptionContext?: Record<string, string> | undefined;
}

function keyNeed(
  state: KmsState,
  action: string,
  reference: string | undefined,
  context: RequestContext,
  more: ConditionValues = {},
): AccessNeed {
  const key = find(state, reference);
  if (key === undefined) {
    return { action, resource: resourceOf(state, reference), conditions: callerConditions(context) };
  }
  return {
    action,
    resource: key.arn,
    conditions: {
      ...callerConditions(context),
      ...keyConditionsOf(state, key),
      ...requestAlias(reference),
      ...more,
    },
    resourcePolicy: keyPolicyOf(key),
  };
}

/** What conditions can ask of a key, whatever is done with it. */
export function keyConditionsOf(state: KmsState, key: KeyRecord): ConditionValues {
  const aliases = state.aliases.values().filter(({ keyId }) => keyId === key.id);
  return {
    ...resourceTagConditions(tagRecord(key.tags)),
    "kms:KeySpec": "SYMMETRIC_DEFAULT",
    "kms:KeyUsage": "ENCRYPT_DECRYPT",
    "kms:KeyOrigin": "AWS_KMS",
    "kms:MultiRegion": "false",
    ...(aliases.length === 0 ? {} : { "kms:ResourceAliases": aliases.map(({ name }) => name) }),
  };
}

/** The key that an alias names now. */
function currentKeyNeeds(
  state: KmsState,
  action: string,
  alias: string | undefined,
  context: RequestContext,
): AccessNeed[] {
  const keyId = state.aliases.get(alias ?? "")?.keyId;
  return keyId === undefined ? [] : [keyNeed(state, action, keyId, context)];
}

function find(state: KmsState, reference: string | undefined): KeyRecord | undefined {
  try {
    return state.key(reference);
  } catch (error) {
    if (error instanceof AwsError) {
      return undefined;
    }
    throw error;
  }
}

/** The ARN of a key that is not there, by what the request calls it. */
function resourceOf(state: KmsState, reference: string | undefined): string {
  if (reference === undefined || reference === "") {
    return "*";
  }
  const isWhole = reference.startsWith("arn:") || reference.startsWith("alias/") || reference.startsWith("key/");
  return reference.startsWith("arn:") ? reference : state.aliasArn(isWhole ? reference : `key/${reference}`);
}

/** The id of the key that made a ciphertext. */
function ciphertextKey(state: KmsState, ciphertext: Uint8Array | undefined): string | undefined {
  try {
    return ciphertext === undefined ? undefined : keyOfCiphertext(state, ciphertext).id;
  } catch (error) {
    if (error instanceof AwsError) {
      return undefined;
    }
    throw error;
  }
}

function requestAlias(reference: string | undefined): ConditionValues {
  const [, alias] = /(?:^|:)(alias\/.+)$/.exec(reference ?? "") ?? [];
  return alias === undefined ? {} : { "kms:RequestAlias": alias };
}

function callerConditions({ accountId }: RequestContext): ConditionValues {
  return { "kms:CallerAccount": accountId };
}

function anywhere(action: string, context: RequestContext): AccessNeed {
  return { action, resource: "*", conditions: callerConditions(context) };
}
