import type { KeyMetadata } from "@aws-sdk/client-kms";
import { AwsError } from "../../core/aws-error.ts";
import type { InputOf } from "../../core/service.ts";
import { checkKeyPolicy } from "./key-policy.ts";
import { mergeTags } from "./key-tags.ts";
import { type KeyRecord, type Kms, type KmsOperations, type KmsState, refuseAwsManaged } from "./kms-state.ts";
import { newKey } from "./new-key.ts";
import { pageOf } from "./pages.ts";

const DAY_MS = 86_400_000;
const LONGEST_DESCRIPTION = 8192;
const POLICY_NAME = "default";

/** The life of keys: making, describing, switching, rotating and deleting them, their policies and their tags. */
export function keyOperations(state: KmsState, deletions: { schedule(key: KeyRecord): void }) {
  return {
    ...lifeOperations(state, deletions),
    ...rotationOperations(state),
    ...policyOperations(state),
    ...tagOperations(state),
  };
}

function lifeOperations(state: KmsState, deletions: { schedule(key: KeyRecord): void }) {
  return {
    CreateKey(input, { principal }) {
      refuseUnsupported(input);
      checkDescription(input.Description);
      if (input.Policy !== undefined) {
        checkKeyPolicy(input.Policy, principal, input.BypassPolicyLockoutSafetyCheck === true);
      }
      const key = newKey(state, {
        description: input.Description ?? "",
        tags: mergeTags([], input.Tags ?? []),
        ...(input.Policy === undefined ? {} : { policy: input.Policy }),
      });
      state.keys.put(key.id, key);
      return { KeyMetadata: metadataOf(state, key) };
    },

    DescribeKey: (input) => ({ KeyMetadata: metadataOf(state, state.key(input.KeyId)) }),

    ListKeys(input) {
      const { items, members } = pageOf(state.keys.values(), input);
      return { Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), ...members };
    },

    EnableKey(input) {
      state.update(state.changeableKey(input.KeyId), { state: "Enabled" });
      return {};
    },

    DisableKey(input) {
      state.update(state.changeableKey(input.KeyId), { state: "Disabled" });
      return {};
    },

    UpdateKeyDescription(input) {
      checkDescription(input.Description);
      state.update(state.changeableKey(input.KeyId), { description: input.Description ?? "" });
      return {};
    },

    ScheduleKeyDeletion(input) {
      const days = input.PendingWindowInDays ?? 30;
      if (!Number.isInteger(days) || days < 7 || days > 30) {
        throw new AwsError(
          "ValidationException",
          `1 validation error detected: Value '${days}' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value between 7 and 30`,
        );
      }
      const found = state.changeableKey(input.KeyId);
      const at = new Date(state.now().getTime() + days * DAY_MS);
      const key = state.update(found, { state: "PendingDeletion", deletion: { at } });
      deletions.schedule(key);
      return { KeyId: key.arn, DeletionDate: at, KeyState: key.state, PendingWindowInDays: days };
    },

    CancelKeyDeletion(input) {
      const key = state.keyById(input.KeyId);
      refuseAwsManaged(key);
      if (key.state !== "PendingDeletion") {
        throw new AwsError("KMSInvalidStateException", `${key.arn} is not pending deletion.`);
      }
      const { deletion: _deletion, ...kept } = key;
      // A key that was saved comes back disabled, as on AWS.
      state.keys.put(key.id, { ...kept, state: "Disabled" });
      return { KeyId: key.arn };
    },
  } satisfies KmsOperations;
}

function rotationOperations(state: KmsState) {
  return {
    EnableKeyRotation(input) {
      const key = state.changeableKey(input.KeyId);
      if (key.state === "Disabled") {
        throw new AwsError("DisabledException", `${key.arn} is disabled.`);
      }
      const periodInDays = input.RotationPeriodInDays ?? key.rotation?.periodInDays ?? 365;
      if (!Number.isInteger(periodInDays) || periodInDays < 90 || periodInDays > 2560) {
        throw new AwsError(
          "ValidationException",
          `1 validation error detected: Value '${periodInDays}' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value between 90 and 2560`,
        );
      }
      const next = new Date(state.now().getTime() + periodInDays * DAY_MS);
      const unchanged = key.rotation?.periodInDays === periodInDays;
      state.update(key, unchanged ? {} : { rotation: { periodInDays, next } });
      return {};
    },

    DisableKeyRotation(input) {
      const { rotation: _rotation, ...rest }: KeyRecord = state.changeableKey(input.KeyId);
      state.keys.put(rest.id, rest);
      return {};
    },

    GetKeyRotationStatus(input) {
      const { key } = state.currentMaterial(state.keyById(input.KeyId));
      const rotation = key.state === "PendingDeletion" ? undefined : key.rotation;
      return rotation === undefined
        ? { KeyId: key.arn, KeyRotationEnabled: false }
        : {
            KeyId: key.arn,
            KeyRotationEnabled: true,
            RotationPeriodInDays: rotation.periodInDays,
            NextRotationDate: rotation.next,
          };
    },
  } satisfies KmsOperations;
}

function policyOperations(state: KmsState) {
  return {
    GetKeyPolicy(input) {
      const key = state.keyById(input.KeyId);
      checkPolicyName(input.PolicyName);
      return { Policy: key.policy, PolicyName: POLICY_NAME };
    },

    PutKeyPolicy(input, { principal }) {
      const key = state.changeableKey(input.KeyId);
      checkPolicyName(input.PolicyName);
      checkKeyPolicy(input.Policy ?? "", principal, input.BypassPolicyLockoutSafetyCheck === true);
      state.update(key, { policy: input.Policy ?? "" });
      return {};
    },

    ListKeyPolicies(input) {
      state.keyById(input.KeyId);
      return { PolicyNames: [POLICY_NAME], Truncated: false };
    },
  } satisfies KmsOperations;
}

function tagOperations(state: KmsState) {
  return {
    TagResource(input) {
      const key = state.changeableKey(input.KeyId);
      state.update(key, { tags: mergeTags(key.tags, input.Tags ?? []) });
      return {};
    },

    UntagResource(input) {
      const key = state.changeableKey(input.KeyId);
      const gone = new Set(input.TagKeys ?? []);
      state.update(key, { tags: key.tags.filter(({ TagKey }) => !gone.has(TagKey ?? "")) });
      return {};
    },

    ListResourceTags(input) {
      const { items, members } = pageOf(state.keyById(input.KeyId).tags, { Limit: 50, ...input });
      return { Tags: items, ...members };
    },
  } satisfies KmsOperations;
}

/** A key as `DescribeKey` shows it. */
function metadataOf(state: KmsState, key: KeyRecord): KeyMetadata {
  return {
    AWSAccountId: state.core.accountId,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: key.createdAt,
    Enabled: key.state === "Enabled",
    Description: key.description,
    KeyUsage: "ENCRYPT_DECRYPT",
    KeyState: key.state,
    Origin: "AWS_KMS",
    KeyManager: key.manager,
    CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
    KeySpec: "SYMMETRIC_DEFAULT",
    EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
    MultiRegion: false,
    CurrentKeyMaterialId: key.materials.at(-1)?.id,
    ...(key.deletion === undefined ? {} : { DeletionDate: key.deletion.at }),
  };
}

function refuseUnsupported(input: InputOf<Kms, "CreateKey">): void {
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";
  const asked = {
    [`keys of the spec ${spec} (asymmetric and HMAC keys)`]: spec !== "SYMMETRIC_DEFAULT",
    [`keys for ${input.KeyUsage}`]: (input.KeyUsage ?? "ENCRYPT_DECRYPT") !== "ENCRYPT_DECRYPT",
    [`key material of the origin ${input.Origin}`]: (input.Origin ?? "AWS_KMS") !== "AWS_KMS",
    "multi-Region keys": input.MultiRegion === true,
    "custom key stores": input.CustomKeyStoreId !== undefined || input.XksKeyId !== undefined,
  };
  for (const [what, isAsked] of Object.entries(asked)) {
    if (isAsked) {
      throw new AwsError("UnsupportedOperationException", `Local AWS does not implement ${what} in KMS.`);
    }
  }
}

function checkDescription(description: string | undefined): void {
  if ((description ?? "").length > LONGEST_DESCRIPTION) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_DESCRIPTION}`,
    );
  }
}

function checkPolicyName(name: string | undefined): void {
  if (name !== undefined && name !== POLICY_NAME) {
    throw new AwsError("NotFoundException", "No such policy exists");
  }
}
