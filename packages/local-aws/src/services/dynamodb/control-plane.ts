import { createHash } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { KeyDirectory } from "../../core/ports.ts";
import type { InputOf, Operations } from "../../core/service.ts";
import type { Backups } from "./backups.ts";
import type { DataPlane } from "./data-plane.ts";
import type { Filler } from "./filler.ts";
import type { Remains } from "./remains.ts";
import type { Restorer } from "./restorer.ts";
import type { Retention } from "./retention.ts";
import type { TableRecord } from "./table.ts";

/** The SDK's module of DynamoDB. */
export type DynamoDbModule = typeof import("@aws-sdk/client-dynamodb");

/** Operations on tables, as the schema layer calls them. */
export type ControlOperations = Operations<DynamoDbModule>;

/** What the operations on tables work with. */
export interface ControlPlane extends DataPlane {
  readonly core: Core;
  readonly filler: Filler;
  readonly restorer: Restorer;
  readonly remains: Remains;
  readonly retention: Retention;
  readonly backups: Backups;
  readonly keys: KeyDirectory | undefined;
}

/** The refusal of something that AWS would refuse with `ValidationException`. */
export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

/** The refusal of values that do not go together. */
export function invalidValues(message: string): AwsError {
  return invalid(`One or more parameter values were invalid: ${message}`);
}

/**
 * Refuses members of a request that local AWS does not have, rather than leaving them out.
 *
 * @throws AwsError `NotImplemented`
 */
export function refuseMembers<T extends object>(
  operation: string,
  input: T,
  members: readonly (keyof T & string)[],
): void {
  for (const member of members) {
    const value = input[member];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
      throw new AwsError("NotImplemented", `Local AWS does not implement ${member} of ${operation}: leave it out.`);
    }
  }
}

/** @throws AwsError `ValidationException` when streams are asked for: local AWS does not have them */
export function refuseStreams(specification: InputOf<DynamoDbModule, "CreateTable">["StreamSpecification"]): void {
  if (specification?.StreamEnabled) {
    throw invalid(
      "DynamoDB Streams are not supported by local AWS: leave out StreamSpecification, or set StreamEnabled to false (stream_enabled = false in Terraform).",
    );
  }
}

/** @throws AwsError `ResourceInUseException` while the table is being restored, or an index of it is being created */
export function checkNotUpdating(record: TableRecord): void {
  checkCreated(record);
  if (record.globalIndexes.some((index) => index.creating)) {
    throw new AwsError(
      "ResourceInUseException",
      `Attempt to change a resource which is still in use: Table is being updated: ${record.name}`,
    );
  }
}

/** @throws AwsError `ResourceInUseException` while the table is being restored */
export function checkCreated(record: TableRecord): void {
  if (record.restore?.pending !== undefined) {
    throw new AwsError(
      "ResourceInUseException",
      `Attempt to change a resource which is still in use: Table is being created: ${record.name}`,
    );
  }
}

/**
 * The ARN of the KMS key that a table shall be encrypted with; `undefined` for the key that DynamoDB owns.
 *
 * @throws AwsError `ValidationException` for another kind of encryption, or a key that does not exist
 */
export function encryptionKey(
  { core, keys }: ControlPlane,
  specification: InputOf<DynamoDbModule, "CreateTable">["SSESpecification"],
): string | undefined {
  if (!specification?.Enabled) {
    if (specification?.KMSMasterKeyId !== undefined) {
      throw invalidValues("KMSMasterKeyId can be specified only when SSE is enabled");
    }
    return undefined;
  }
  if (specification.SSEType !== undefined && specification.SSEType !== "KMS") {
    throw invalidValues(`SSEType ${specification.SSEType} is not supported, only KMS is`);
  }
  const wanted = specification.KMSMasterKeyId ?? "alias/aws/dynamodb";
  const found = keys?.findKeyArn(wanted);
  if (found !== undefined) {
    return found;
  }
  if (specification.KMSMasterKeyId === undefined) {
    return `arn:aws:kms:${core.region}:${core.accountId}:key/${managedKeyId(core)}`;
  }
  if (keys !== undefined) {
    throw invalidValues(`KMS key ${wanted} does not exist`);
  }
  return wanted.startsWith("arn:") ? wanted : `arn:aws:kms:${core.region}:${core.accountId}:key/${wanted}`;
}

/** AWS makes its managed key for DynamoDB on first use; where KMS does not, it has an id that never changes. */
function managedKeyId(core: Core): string {
  const hex = createHash("sha256").update(`aws/dynamodb ${core.accountId} ${core.region}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Tags of a request as a record. @throws AwsError `ValidationException` when there are too many, or one has no key */
export function tagsOf(
  tags: readonly { Key: string | undefined; Value: string | undefined }[] | undefined,
  existing: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const result: Record<string, string> = { ...existing };
  for (const { Key, Value } of tags ?? []) {
    if (Key === undefined || Key === "") {
      throw invalidValues("A tag must have a Key");
    }
    if (Key.startsWith("aws:")) {
      throw invalidValues(`The tag key ${Key} starts with aws:, which only AWS may use`);
    }
    result[Key] = Value ?? "";
  }
  if (Object.keys(result).length > 50) {
    throw invalid("One or more parameter values were invalid: Too many tags: at most 50 are allowed on a table");
  }
  return result;
}
