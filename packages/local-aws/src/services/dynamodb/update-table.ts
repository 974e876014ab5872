import { AwsError } from "../../core/aws-error.ts";
import type { InputOf } from "../../core/service.ts";
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
} from "./control-plane.ts";
import { describeTable } from "./describe-table.ts";
import { requestedUnits } from "./requested-units.ts";
import type { IndexRecord, Table, TableRecord, Throughput } from "./table.ts";
import { keyAttributes, newIndex, tableClass } from "./table-operations.ts";

type UpdateTableInput = InputOf<DynamoDbModule, "UpdateTable">;
type RequestedThroughput = UpdateTableInput["ProvisionedThroughput"];
type IndexUpdate = NonNullable<UpdateTableInput["GlobalSecondaryIndexUpdates"]>[number];

const MOST_GLOBAL_INDEXES = 20;

/** Members of UpdateTable that change something here. */
const CHANGES = [
  "BillingMode",
  "ProvisionedThroughput",
  "GlobalSecondaryIndexUpdates",
  "StreamSpecification",
  "SSESpecification",
  "TableClass",
  "DeletionProtectionEnabled",
  "OnDemandThroughput",
  "WarmThroughput",
] as const;

/** UpdateTable. All changes but the filling of a new index are done when it answers. */
export function updateTableOperation(plane: ControlPlane): ControlOperations {
  const observer = { store: plane.store, clock: plane.clock, arnOf: (name: string) => plane.tables.arnOf(name) };
  return {
    UpdateTable: (input) => {
      const table = plane.tables.forControl(input.TableName);
      checkInput(input);
      checkNotUpdating(table.record);
      const record = updated(plane, table.record, input);
      const after = plane.tables.put(record);
      fillAndDrop(plane, table, after);
      return { TableDescription: { ...describeTable(after, observer), TableStatus: "UPDATING" } };
    },
  };
}

function checkInput(input: UpdateTableInput): void {
  refuseStreams(input.StreamSpecification);
  refuseMembers("UpdateTable", input, [
    "ReplicaUpdates",
    "MultiRegionConsistency",
    "GlobalTableWitnessUpdates",
    "GlobalTableSettingsReplicationMode",
    "DisassociationProtectionEnabled",
    "VectorIndexUpdates",
  ]);
  // Clients send empty lists too; those change nothing.
  if (
    CHANGES.every(
      (member) => input[member] === undefined || (Array.isArray(input[member]) && input[member].length === 0),
    )
  ) {
    throw invalid(
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
    );
  }
  const indexUpdates = input.GlobalSecondaryIndexUpdates ?? [];
  if (indexUpdates.filter((update) => update.Create ?? update.Delete).length > 1) {
    throw new AwsError(
      "LimitExceededException",
      "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    );
  }
}

/** Fills the index that is new, and removes what a deleted one had. */
function fillAndDrop(plane: ControlPlane, before: Table, after: Table): void {
  for (const index of after.indexes.filter(({ creating }) => creating)) {
    plane.filler.fillIndex(after.name, index.name);
  }
  for (const index of before.indexes) {
    if (!after.indexes.some(({ id }) => id === index.id)) {
      plane.filler.dropIndex(before, index.id);
    }
  }
}

function updated(plane: ControlPlane, record: TableRecord, input: UpdateTableInput): TableRecord {
  const now = plane.clock.now();
  const billed = changeBilling(record, input, now);
  const indexed = (input.GlobalSecondaryIndexUpdates ?? []).reduce(
    (current, update) => changeIndexes(current, update, input, now),
    billed,
  );
  return {
    ...indexed,
    attributeDefinitions: usedDefinitions(indexed, input),
    deletionProtection: input.DeletionProtectionEnabled ?? record.deletionProtection,
    onDemandThroughput: input.OnDemandThroughput ?? record.onDemandThroughput,
    warmThroughput: input.WarmThroughput ?? record.warmThroughput,
    tableClass:
      input.TableClass === undefined ? record.tableClass : { name: tableClass(input.TableClass), updatedAt: now },
    encryptionKeyArn: changeEncryption(plane, record, input),
  };
}

/** The definitions of all key attributes: a deleted index takes those along that nothing else uses. */
function usedDefinitions(record: TableRecord, input: UpdateTableInput): TableRecord["attributeDefinitions"] {
  const definitions = new Map(
    [...record.attributeDefinitions, ...(input.AttributeDefinitions ?? [])].map((definition) => [
      definition.AttributeName ?? "",
      definition,
    ]),
  );
  return [...keyAttributes(record)].map((name) => {
    const definition = definitions.get(name);
    if (definition === undefined) {
      throw invalidValues(
        `Some index key attributes are not defined in AttributeDefinitions. Keys: [${[...keyAttributes(record)].join(", ")}], AttributeDefinitions: [${[...definitions.keys()].join(", ")}]`,
      );
    }
    return definition as TableRecord["attributeDefinitions"][number];
  });
}

function changeEncryption(plane: ControlPlane, record: TableRecord, input: UpdateTableInput): string | undefined {
  if (input.SSESpecification === undefined) {
    return record.encryptionKeyArn;
  }
  const key = encryptionKey(plane, input.SSESpecification);
  if (key !== undefined && key === record.encryptionKeyArn) {
    throw invalidValues("Table is already encrypted by given KMSMasterKey");
  }
  return key;
}

function changeBilling(record: TableRecord, input: UpdateTableInput, now: number): TableRecord {
  const billingMode = input.BillingMode ?? record.billingMode;
  if (billingMode === "PAY_PER_REQUEST") {
    if (input.ProvisionedThroughput !== undefined) {
      throw invalidValues(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
      );
    }
    return record.billingMode === billingMode ? record : onDemand(record, now);
  }
  if (record.billingMode !== billingMode) {
    return provisioned(record, input, now);
  }
  if (input.ProvisionedThroughput === undefined) {
    return record;
  }
  const throughput = changeThroughput(record.throughput, input.ProvisionedThroughput, now);
  if (throughput === record.throughput && !input.GlobalSecondaryIndexUpdates?.length) {
    const { read, write } = throughput;
    throw invalid(
      `The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: ${read}. Requested ReadCapacityUnits: ${read}. Current WriteCapacityUnits provisioned for the table: ${write}. Requested WriteCapacityUnits: ${write}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
    );
  }
  return { ...record, throughput };
}

function onDemand(record: TableRecord, now: number): TableRecord {
  const none = (throughput: Throughput): Throughput => ({ ...throughput, read: 0, write: 0 });
  return {
    ...record,
    billingMode: "PAY_PER_REQUEST",
    onDemandSince: now,
    throughput: none(record.throughput),
    globalIndexes: record.globalIndexes.map((index) => ({ ...index, throughput: none(index.throughput) })),
  };
}

function provisioned(record: TableRecord, input: UpdateTableInput, now: number): TableRecord {
  if (input.ProvisionedThroughput === undefined) {
    throw invalidValues("ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  }
  const updates = new Map(
    (input.GlobalSecondaryIndexUpdates ?? []).map(({ Update }) => [Update?.IndexName, Update?.ProvisionedThroughput]),
  );
  const missing = record.globalIndexes.filter(({ name }) => updates.get(name) === undefined);
  if (missing.length > 0) {
    throw invalidValues(
      `ProvisionedThroughput must be specified for index: ${missing.map(({ name }) => name).join(",")}`,
    );
  }
  return {
    ...record,
    billingMode: "PROVISIONED",
    throughput: changeThroughput(record.throughput, input.ProvisionedThroughput, now),
  };
}

/** @returns the same object when nothing changes */
function changeThroughput(current: Throughput, requested: RequestedThroughput, now: number): Throughput {
  const { read, write } = requestedUnits(requested);
  if (read === current.read && write === current.write) {
    return current;
  }
  return {
    read,
    write,
    increasedAt: read > current.read || write > current.write ? now : current.increasedAt,
    decreases: read < current.read || write < current.write ? [...(current.decreases ?? []), now] : current.decreases,
  };
}

function changeIndexes(record: TableRecord, update: IndexUpdate, input: UpdateTableInput, now: number): TableRecord {
  if (update.Create !== undefined) {
    return { ...record, globalIndexes: [...record.globalIndexes, created(record, update.Create, input)] };
  }
  const name = update.Update?.IndexName ?? update.Delete?.IndexName;
  if (name === undefined) {
    throw invalidValues(
      "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null",
    );
  }
  const existing = record.globalIndexes.find((index) => index.name === name);
  if (existing === undefined) {
    throw new AwsError("ResourceNotFoundException", `Requested resource not found: Index: ${name} not found`);
  }
  const others = record.globalIndexes.filter((index) => index !== existing);
  if (update.Delete !== undefined) {
    return { ...record, globalIndexes: others };
  }
  const changed = changedIndex(record, existing, update.Update as NonNullable<IndexUpdate["Update"]>, now);
  return { ...record, globalIndexes: record.globalIndexes.map((index) => (index === existing ? changed : index)) };
}

function changedIndex(
  record: TableRecord,
  index: IndexRecord,
  update: NonNullable<IndexUpdate["Update"]>,
  now: number,
): IndexRecord {
  if (update.ProvisionedThroughput !== undefined && record.billingMode === "PAY_PER_REQUEST") {
    throw invalidValues(
      `ProvisionedThroughput should not be specified for index: ${index.name} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  return {
    ...index,
    throughput:
      update.ProvisionedThroughput === undefined
        ? index.throughput
        : changeThroughput(index.throughput, update.ProvisionedThroughput, now),
    onDemandThroughput: update.OnDemandThroughput ?? index.onDemandThroughput,
    warmThroughput: update.WarmThroughput ?? index.warmThroughput,
  };
}

function created(
  record: TableRecord,
  create: NonNullable<IndexUpdate["Create"]>,
  input: UpdateTableInput,
): IndexRecord {
  const name = create.IndexName ?? "";
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'globalSecondaryIndexUpdates.member.create.indexName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+ and have a length between 3 and 255`,
    );
  }
  if ([...record.globalIndexes, ...record.localIndexes].some((index) => index.name === name)) {
    throw invalid("Attempting to create an index which already exists");
  }
  if (record.globalIndexes.length >= MOST_GLOBAL_INDEXES) {
    throw invalidValues(`GlobalSecondaryIndex count exceeds the per-table limit of ${MOST_GLOBAL_INDEXES}`);
  }
  checkKeySchema(create.KeySchema);
  if (!["ALL", "KEYS_ONLY", "INCLUDE"].includes(create.Projection?.ProjectionType ?? "")) {
    throw invalidValues(`Unknown ProjectionType: ${create.Projection?.ProjectionType ?? "null"}`);
  }
  const billingMode = input.BillingMode ?? record.billingMode;
  const throughput = create.ProvisionedThroughput;
  if (billingMode === "PROVISIONED" && throughput === undefined) {
    throw invalidValues(`ProvisionedThroughput must be specified for index: ${name}`);
  }
  if (billingMode === "PAY_PER_REQUEST" && throughput !== undefined) {
    throw invalidValues(
      `ProvisionedThroughput should not be specified for index: ${name} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  return {
    ...newIndex(create),
    throughput: throughput === undefined ? { read: 0, write: 0 } : requestedUnits(throughput),
    onDemandThroughput: create.OnDemandThroughput,
    warmThroughput: create.WarmThroughput,
    creating: true,
  };
}

function checkKeySchema(schema: NonNullable<IndexUpdate["Create"]>["KeySchema"]): void {
  const [hash, range] = schema ?? [];
  if (hash === undefined || (schema?.length ?? 0) > 2) {
    throw invalidValues("The KeySchema of an index must have one or two elements");
  }
  if (hash.KeyType !== "HASH") {
    throw invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (range !== undefined && range.KeyType !== "RANGE") {
    throw invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  if (range?.AttributeName === hash.AttributeName) {
    throw invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
}
