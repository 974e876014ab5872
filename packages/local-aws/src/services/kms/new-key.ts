import { randomBytes, randomUUID } from "node:crypto";
import type { KeyMaterial, KeyRecord, KmsState } from "./kms-state.ts";

/** Fresh material, made at a given time. */
export function newMaterial(createdAt: Date): KeyMaterial {
  return { id: randomBytes(32).toString("hex"), secret: new Uint8Array(randomBytes(32)), createdAt };
}

/**
 * The record of a new key; not stored yet.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function newKey(
  state: KmsState,
  given: Partial<Pick<KeyRecord, "description" | "policy" | "tags" | "manager">>,
): KeyRecord {
  const { region, accountId } = state.core;
  const id = randomUUID();
  const now = state.now();
  return {
    id,
    arn: `arn:aws:kms:${region}:${accountId}:key/${id}`,
    createdAt: now,
    description: given.description ?? "",
    state: "Enabled",
    manager: given.manager ?? "CUSTOMER",
    policy: given.policy ?? defaultPolicy(accountId),
    tags: given.tags ?? [],
    materials: [newMaterial(now)],
  };
}

/**
 * The policy of a key that AWS manages for one of its services: whoever may use the service in this account may use the key through
 * it, and needs no permission of his own for that. No service may use it by itself.
 *
 * @param service - as in the key's alias: `s3`, `sns`, `dynamodb`
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
 */
export function awsManagedPolicy(service: string, accountId: string, region: string): string {
  return JSON.stringify(
    {
      Version: "2012-10-17",
      Id: `auto-${service}-2`,
      Statement: [
        {
          Sid: `Allow access through ${service} for all principals in the account that are authorized to use it`,
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
          Resource: "*",
          Condition: {
            StringEquals: {
              "kms:CallerAccount": accountId,
              "kms:ViaService": `${service}.${region}.amazonaws.com`,
            },
          },
        },
        {
          Sid: "Allow direct access to key metadata to the account",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${accountId}:root` },
          Action: ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"],
          Resource: "*",
        },
      ],
    },
    undefined,
    2,
  );
}

function defaultPolicy(accountId: string): string {
  return JSON.stringify(
    {
      Version: "2012-10-17",
      Id: "key-default-1",
      Statement: [
        {
          Sid: "Enable IAM User Permissions",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${accountId}:root` },
          Action: "kms:*",
          Resource: "*",
        },
      ],
    },
    undefined,
    2,
  );
}
