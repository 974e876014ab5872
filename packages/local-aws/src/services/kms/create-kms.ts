import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { KeyDirectory, TagSource } from "../../core/ports.ts";
import { defineService, type Service } from "../../core/service.ts";
import { keyConditionsOf, keyPolicyOf, kmsAccess } from "./access.ts";
import { aliasOperations } from "./alias-operations.ts";
import { cryptoOperations } from "./crypto-operations.ts";
import { KeyDeletions } from "./key-deletions.ts";
import { keyOperations } from "./key-operations.ts";
import { tagRecord } from "./key-tags.ts";
import { type Kms, KmsState } from "./kms-state.ts";

/**
 * Makes KMS: symmetric encryption keys that really encrypt. Their secrets lie in the store of local AWS, in the clear: what they
 * protect here is nothing but the fidelity of a rehearsal.
 */
export function createKms(core: Core): { service: Service; keys: KeyDirectory; tags: TagSource } {
  const state = new KmsState(core);
  const deletions = new KeyDeletions(state);
  deletions.resume();
  const service = defineService<Kms>({
    id: "kms",
    signingNames: ["kms"],
    load: () => import("@aws-sdk/client-kms"),
    client: "KMSClient",
    targetPrefixes: ["TrentService"],
    rpcServiceNames: ["TrentService"],
    operations: {
      ...keyOperations(state, deletions),
      ...aliasOperations(state),
      ...cryptoOperations(state),
    },
    access: kmsAccess(state),
    close: async () => deletions.close(),
    // Keys that wait for their deletion are gone as far as their owner is concerned; AWS's own were never the account's.
    inventory: () => [
      ...state.keys
        .values()
        .filter(({ state: now, manager }) => now !== "PendingDeletion" && manager === "CUSTOMER")
        .map(({ id }) => `AWS::KMS::Key ${id}`),
      ...state.aliases
        .values()
        .filter(({ name }) => !name.startsWith("alias/aws/"))
        .map(({ name }) => `AWS::KMS::Alias ${name}`),
    ],
  });
  return {
    service,
    keys: {
      findKeyArn(keyIdOrAlias) {
        try {
          return state.key(keyIdOrAlias).arn;
        } catch (error) {
          if (error instanceof AwsError) {
            return undefined;
          }
          throw error;
        }
      },
      keyPolicy(keyArn) {
        const key = state.keys.get(keyArn.split("/").at(-1) ?? "");
        return key?.arn === keyArn ? keyPolicyOf(key) : undefined;
      },
      keyConditions(keyArn) {
        const key = state.keys.get(keyArn.split("/").at(-1) ?? "");
        return key?.arn === keyArn ? keyConditionsOf(state, key) : {};
      },
    },
    tags: {
      taggedResources: () =>
        state.keys
          .values()
          .filter(({ tags }) => tags.length > 0)
          .map(({ arn, tags }) => ({
            arn,
            type: "kms:key",
            tags: tagRecord(tags),
          })),
    },
  };
}
