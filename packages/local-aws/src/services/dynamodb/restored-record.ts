import { randomBytes, randomUUID } from "node:crypto";
import type { InputOf } from "../../core/service.ts";
import { type ControlPlane, type DynamoDbModule, encryptionKey, invalid, invalidValues } from "./control-plane.ts";
import { requestedUnits } from "./requested-units.ts";
import type { IndexRecord, TableRecord, Throughput } from "./table.ts";
import { keyAttributes } from "./table-operations.ts";

/** What a restore may set differently from the source. */
export type RestoreOverrides = Pick<
  InputOf<DynamoDbModule, "RestoreTableToPointInTime">,
  | "BillingModeOverride"
  | "GlobalSecondaryIndexOverride"
  | "LocalSecondaryIndexOverride"
  | "ProvisionedThroughputOverride"
  | "OnDemandThroughputOverride"
  | "SSESpecificationOverride"
>;

type GlobalOverride = NonNullable<RestoreOverrides["GlobalSecondaryIndexOverride"]>[number];
type LocalOverride = NonNullable<RestoreOverrides["LocalSecondaryIndexOverride"]>[number];
type BillingMode = TableRecord["billingMode"];

/**
 * The record of a restored table: keys, indexes, billing, encryption and class of the source, unless overridden. AWS leaves out tags,
 * expiry, recovery, deletion protection, streams, resource policies, and what other services know of the table (alarms, scaling).
 *
 * @throws AwsError `ValidationException` when the overrides do not fit the source or each other
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
 */
export function restoredRecord(
  plane: ControlPlane,
  source: TableRecord,
  name: string,
  overrides: RestoreOverrides,
  restore: NonNullable<TableRecord["restore"]>,
): TableRecord {
  const now = plane.clock.now();
  const billingMode = billingModeOf(overrides.BillingModeOverride) ?? source.billingMode;
  const isOnDemand = billingMode === "PAY_PER_REQUEST";
  if (!isOnDemand && overrides.OnDemandThroughputOverride !== undefined) {
    throw invalidValues("OnDemandThroughput cannot be specified when BillingMode is PROVISIONED");
  }
  const record: TableRecord = {
    name,
    id: randomUUID(),
    createdAt: now,
    attributeDefinitions: [],
    keySchema: source.keySchema,
    billingMode,
    onDemandSince: isOnDemand ? now : undefined,
    throughput: throughputOf(source, billingMode, overrides),
    onDemandThroughput: isOnDemand ? (overrides.OnDemandThroughputOverride ?? source.onDemandThroughput) : undefined,
    warmThroughput: billingMode === source.billingMode ? source.warmThroughput : undefined,
    tableClass: source.tableClass && { name: source.tableClass.name },
    deletionProtection: false,
    encryptionKeyArn:
      overrides.SSESpecificationOverride === undefined
        ? source.encryptionKeyArn
        : encryptionKey(plane, overrides.SSESpecificationOverride),
    globalIndexes: kept(
      "GlobalSecondaryIndexOverride",
      source.globalIndexes,
      overrides.GlobalSecondaryIndexOverride,
    ).map(({ index, override }) => globalIndex(source, billingMode, index, override)),
    localIndexes: kept("LocalSecondaryIndexOverride", source.localIndexes, overrides.LocalSecondaryIndexOverride).map(
      ({ index }) => ({ ...index, id: newIndexId() }),
    ),
    tags: {},
    restore,
  };
  const used = keyAttributes(record);
  return {
    ...record,
    attributeDefinitions: source.attributeDefinitions.filter(({ AttributeName }) => used.has(AttributeName)),
  };
}

function billingModeOf(override: string | undefined): BillingMode | undefined {
  if (override !== undefined && override !== "PROVISIONED" && override !== "PAY_PER_REQUEST") {
    throw invalid(
      `1 validation error detected: Value '${override}' at 'billingModeOverride' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]`,
    );
  }
  return override;
}

function throughputOf(
  source: TableRecord,
  billingMode: BillingMode,
  { ProvisionedThroughputOverride: override }: RestoreOverrides,
): Throughput {
  if (billingMode === "PAY_PER_REQUEST") {
    if (override !== undefined) {
      throw invalidValues(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
      );
    }
    return { read: 0, write: 0 };
  }
  if (override !== undefined) {
    return requestedUnits(override);
  }
  if (source.billingMode !== billingMode) {
    throw invalidValues("ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  }
  return { read: source.throughput.read, write: source.throughput.write };
}

/** The indexes that the restored table shall have: all, or those of the list, which can be empty. */
function kept<O extends LocalOverride>(
  member: string,
  indexes: readonly IndexRecord[],
  overrides: readonly O[] | undefined,
): { index: IndexRecord; override?: O }[] {
  if (overrides === undefined) {
    return indexes.map((index) => ({ index }));
  }
  const names = new Set<string>();
  return overrides.map((override) => {
    const index = indexes.find((each) => isSame(each, override));
    if (index === undefined) {
      throw invalidValues(
        `${member}: the index ${override.IndexName ?? "without a name"} does not match an index of the source table in name, key schema and projection`,
      );
    }
    if (names.has(index.name)) {
      throw invalidValues(`Duplicate index name: ${index.name}`);
    }
    names.add(index.name);
    return { index, override };
  });
}

function isSame({ name, keySchema, projection }: IndexRecord, override: LocalOverride): boolean {
  const keys = override.KeySchema ?? [];
  const others = new Set(override.Projection?.NonKeyAttributes);
  return (
    name === override.IndexName &&
    keySchema.length === keys.length &&
    keySchema.every(
      ({ AttributeName, KeyType }, place) =>
        keys[place]?.AttributeName === AttributeName && keys[place]?.KeyType === KeyType,
    ) &&
    projection.ProjectionType === override.Projection?.ProjectionType &&
    others.size === new Set(projection.NonKeyAttributes).size &&
    (projection.NonKeyAttributes ?? []).every((attribute) => others.has(attribute))
  );
}

function globalIndex(
  source: TableRecord,
  billingMode: BillingMode,
  { creating: _, ...index }: IndexRecord,
  override: GlobalOverride | undefined,
): IndexRecord {
  const isOnDemand = billingMode === "PAY_PER_REQUEST";
  const requested = override?.ProvisionedThroughput;
  if (isOnDemand && requested !== undefined) {
    throw invalidValues(
      `ProvisionedThroughput should not be specified for index: ${index.name} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (!isOnDemand && requested === undefined && source.billingMode !== billingMode) {
    throw invalidValues(`ProvisionedThroughput must be specified for index: ${index.name}`);
  }
  const own = isOnDemand ? { read: 0, write: 0 } : { read: index.throughput.read, write: index.throughput.write };
  return {
    ...index,
    id: newIndexId(),
    throughput: requested === undefined ? own : requestedUnits(requested),
    onDemandThroughput: isOnDemand ? (override?.OnDemandThroughput ?? index.onDemandThroughput) : undefined,
    warmThroughput: override?.WarmThroughput ?? (billingMode === source.billingMode ? index.warmThroughput : undefined),
  };
}

function newIndexId(): string {
  return randomBytes(4).toString("hex");
}
