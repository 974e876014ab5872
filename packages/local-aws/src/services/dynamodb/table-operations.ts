import { randomBytes, randomUUID } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import type { InputOf } from "../../core/service.ts";
import { backupOfDeleted } from "./backups.ts";
import {
  type ControlOperations,
  type ControlPlane,
  checkNotUpdating,
  type DynamoDbModule,
  encryptionKey,
  invalid,
  invalidValues,
  refuseMembers,
  refuseStreams,
  tagsOf,
} from "./control-plane.ts";
import { describeTable } from "./describe-table.ts";
import { type KeyElement, validateRequest } from "./dynalite.ts";
import { type IndexRecord, sourceStoreId, type TableRecord, type Throughput } from "./table.ts";

const MOST_LISTED = 100;

/** CreateTable, DescribeTable, ListTables and DeleteTable. */
export function tableOperations(plane: ControlPlane): ControlOperations {
  const observer = { store: plane.store, clock: plane.clock, arnOf: (name: string) => plane.tables.arnOf(name) };
  return {
    CreateTable: (input) => ({ TableDescription: describeTable(createTable(plane, input), observer) }),
    DescribeTable: ({ TableName }) => ({ Table: describeTable(plane.tables.forControl(TableName), observer) }),
    ListTables: (input) => listTables(plane, input),
    DeleteTable: ({ TableName }) => {
      const table = plane.tables.forControl(TableName);
      const { restore } = table.record;
      // What cannot be restored stays CREATING: it could never be got rid of.
      if (!plane.restorer.hasFailed(table.record)) {
        checkNotUpdating(table.record);
      }
      if (table.record.deletionProtection) {
        throw invalid(
          "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
        );
      }
      const description = describeTable(table, observer);
      plane.core.store.transaction(() => {
        plane.tables.delete(table.name);
        if (table.record.pointInTimeRecovery !== undefined) {
          plane.backups.put(backupOfDeleted(table, plane.tables.arnOf(table.name), plane.clock.now()));
        }
      });
      plane.remains.remove(table.storeId);
      if (restore?.pending !== undefined) {
        plane.remains.remove(sourceStoreId(restore.pending));
      }
      if (table.record.pointInTimeRecovery !== undefined) {
        void plane.retention.review();
      }
      return { TableDescription: { ...description, TableStatus: "DELETING" } };
    },
  };
}

type CreateTableInput = InputOf<DynamoDbModule, "CreateTable">;

function createTable(plane: ControlPlane, input: CreateTableInput) {
  const name = plane.tables.nameOf(input.TableName ?? "");
  // Validation changes what it is given.
  validateRequest("CreateTable", { ...structuredClone(input), TableName: input.TableName && name });
  refuseStreams(input.StreamSpecification);
  refuseMembers("CreateTable", input, [
    "ResourcePolicy",
    "GlobalTableSourceArn",
    "GlobalTableSettingsReplicationMode",
    "VectorIndexes",
  ]);
  const billingMode = input.BillingMode ?? "PROVISIONED";
  const throughputOf = (throughput: CreateTableInput["ProvisionedThroughput"]): Throughput => ({
    read: throughput?.ReadCapacityUnits ?? 0,
    write: throughput?.WriteCapacityUnits ?? 0,
  });
  for (const index of input.GlobalSecondaryIndexes ?? []) {
    if (billingMode === "PROVISIONED" && index.ProvisionedThroughput === undefined) {
      throw invalidValues(`ProvisionedThroughput must be specified for index: ${index.IndexName}`);
    }
  }
  const now = plane.clock.now();
  const record: TableRecord = {
    name,
    id: randomUUID(),
    createdAt: now,
    attributeDefinitions: (input.AttributeDefinitions ?? []) as TableRecord["attributeDefinitions"],
    keySchema: input.KeySchema as KeyElement[],
    billingMode,
    onDemandSince: billingMode === "PAY_PER_REQUEST" ? now : undefined,
    throughput: throughputOf(input.ProvisionedThroughput),
    onDemandThroughput: input.OnDemandThroughput,
    warmThroughput: input.WarmThroughput,
    tableClass: input.TableClass === undefined ? undefined : { name: tableClass(input.TableClass) },
    deletionProtection: input.DeletionProtectionEnabled ?? false,
    encryptionKeyArn: encryptionKey(plane, input.SSESpecification),
    globalIndexes: (input.GlobalSecondaryIndexes ?? []).map((index) => ({
      ...newIndex(index),
      throughput: throughputOf(index.ProvisionedThroughput),
      onDemandThroughput: index.OnDemandThroughput,
      warmThroughput: index.WarmThroughput,
    })),
    localIndexes: (input.LocalSecondaryIndexes ?? []).map((index) => newIndex(index)),
    tags: tagsOf(input.Tags),
  };
  checkAttributesUsed(record);
  checkIndexNames(record);
  if (plane.tables.find(name) !== undefined) {
    throw new AwsError("ResourceInUseException", `Table already exists: ${name}`);
  }
  return plane.tables.put(record);
}

/** The name of a table class. @throws AwsError `ValidationException` for one that does not exist */
export function tableClass(name: string): NonNullable<TableRecord["tableClass"]>["name"] {
  if (name !== "STANDARD" && name !== "STANDARD_INFREQUENT_ACCESS") {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'tableClass' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, STANDARD_INFREQUENT_ACCESS]`,
    );
  }
  return name;
}

/** A secondary index as requests describe it, validated. */
interface RequestedIndex {
  readonly IndexName?: string;
  readonly KeySchema?: readonly { readonly AttributeName?: string; readonly KeyType?: string }[];
  readonly Projection?: { readonly ProjectionType?: string; readonly NonKeyAttributes?: readonly string[] };
}

/** The record of an index that did not exist before. @throws AwsError `ValidationException` when its projection is not complete */
export function newIndex({ IndexName, KeySchema, Projection }: RequestedIndex): IndexRecord {
  const type = Projection?.ProjectionType ?? "";
  const others = Projection?.NonKeyAttributes;
  if (type === "INCLUDE" && others === undefined) {
    throw invalidValues("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  return {
    name: IndexName ?? "",
    id: randomBytes(4).toString("hex"),
    keySchema: KeySchema as KeyElement[],
    projection: others === undefined ? { ProjectionType: type } : { ProjectionType: type, NonKeyAttributes: others },
    throughput: { read: 0, write: 0 },
  };
}

/** Names of the attributes that are keys of a table or its indexes. */
export function keyAttributes(record: Pick<TableRecord, "keySchema" | "globalIndexes" | "localIndexes">): Set<string> {
  const schemas = [
    record.keySchema,
    ...[...record.globalIndexes, ...record.localIndexes].map((index) => index.keySchema),
  ];
  return new Set(schemas.flatMap((schema) => schema.map((key) => key.AttributeName)));
}

function checkAttributesUsed(record: TableRecord): void {
  const used = keyAttributes(record);
  const defined = record.attributeDefinitions.map(({ AttributeName }) => AttributeName);
  if (defined.some((name) => !used.has(name))) {
    throw invalidValues(
      `Some AttributeDefinitions are not used. AttributeDefinitions: [${defined.join(", ")}], keys used: [${[...used].join(", ")}]`,
    );
  }
}

function checkIndexNames(record: TableRecord): void {
  const names = [...record.globalIndexes, ...record.localIndexes].map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw invalidValues(`Duplicate index name: ${twice}`);
  }
}

function listTables(plane: ControlPlane, input: InputOf<DynamoDbModule, "ListTables">) {
  const limit = input.Limit ?? MOST_LISTED;
  if (limit < 1 || limit > MOST_LISTED) {
    throw invalid(
      `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value ${limit < 1 ? "greater than or equal to 1" : `less than or equal to ${MOST_LISTED}`}`,
    );
  }
  const start = input.ExclusiveStartTableName;
  const names = plane.tables
    .all()
    .map(({ name }) => name)
    .filter((name) => start === undefined || name > start);
  return {
    TableNames: names.slice(0, limit),
    LastEvaluatedTableName: names.length > limit ? names[limit - 1] : undefined,
  };
}
