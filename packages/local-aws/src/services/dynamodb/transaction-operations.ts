import { AwsError } from "../../core/aws-error.ts";
import type { Item } from "./attribute-value.ts";
import { wantsCapacity, writeCapacity } from "./capacity.ts";
import {
  type Body,
  conditionOf,
  countWrite,
  type DataOperation,
  type DataPlane,
  refuseCollectionMetrics,
  tellsItemOnFailure,
  useTableName,
} from "./data-plane.ts";
import { type ConsumedCapacity, checkKey, keyOf, type ValidRequest, validateRequest } from "./dynalite.ts";
import { deleteWrite, projected, putWrite, readKey, updateWrite } from "./item-operations.ts";
import { itemSize, readUnits } from "./item-size.ts";
import type { Table } from "./table.ts";
import { TransactionTokens } from "./transaction-tokens.ts";
import { type CancellationReason, type ItemWrite, transactionCanceled, type Written } from "./write-path.ts";

const MAX_ITEMS = 100;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_TOKEN_LENGTH = 36;

/** TransactWriteItems and TransactGetItems. */
export function transactionOperations(plane: DataPlane, tokens: TransactionTokens): Record<string, DataOperation> {
  return {
    TransactWriteItems: (body) => transactWriteItems(plane, tokens, body),
    TransactGetItems: async (body) => transactGetItems(plane, body),
  };
}

/** One write of a transaction, and how it is judged and done. */
interface Step {
  readonly table: Table;
  readonly request: ValidRequest;
  /** Makes the write; throws `ValidationException` when the request does not fit the table. */
  readonly write: () => ItemWrite;
}

async function transactWriteItems(plane: DataPlane, tokens: TransactionTokens, body: Body): Promise<unknown> {
  const items = transactItems(body);
  const token = clientToken(body);
  // Validation changes the items, so what they were is taken down before.
  const digest = token === undefined ? "" : TransactionTokens.digest(items);
  const wantsCollection = body.ReturnItemCollectionMetrics === "SIZE";
  const steps = items.map((item, index) => stepOf(plane, item, index));
  for (const { table } of steps) {
    refuseCollectionMetrics(table, wantsCollection);
  }
  const writes = fit(steps.map(({ write }) => write));
  checkDistinct(writes);
  checkSize(steps);
  const detail = capacityDetail(body);
  try {
    const written = await tokens.once(token, digest, (extra) => plane.writes.transact(writes, extra));
    if (written === undefined) {
      return { ConsumedCapacity: readInsteadOfWritten(plane, writes, detail) };
    }
    for (const [index, result] of written.entries()) {
      countWrite(plane, (writes[index] as ItemWrite).table, result, 2);
    }
    return { ConsumedCapacity: consumedByWrites(writes, written, detail) };
  } catch (error) {
    countCancellation(plane, writes, error);
    throw error;
  }
}

function countCancellation(plane: DataPlane, writes: readonly ItemWrite[], error: unknown): void {
  if (error instanceof AwsError && error.code === "TransactionCanceledException") {
    const reasons = error.options.fields?.CancellationReasons as readonly CancellationReason[];
    for (const [index, { Code }] of reasons.entries()) {
      plane.traffic.canceled((writes[index] as ItemWrite).table.name, Code);
    }
  }
}

const KINDS = ["ConditionCheck", "Put", "Delete", "Update"] as const;

/** What each kind of write must have. */
const REQUIRED: Readonly<Record<(typeof KINDS)[number], readonly string[]>> = {
  ConditionCheck: ["TableName", "Key", "ConditionExpression"],
  Put: ["TableName", "Item"],
  Delete: ["TableName", "Key"],
  Update: ["TableName", "Key", "UpdateExpression"],
};

/** Members of the single-item operations that the items of a transaction do not have. */
const FOREIGN = [
  "Expected",
  "ConditionalOperator",
  "AttributeUpdates",
  "ReturnValues",
  "ReturnConsumedCapacity",
  "ReturnItemCollectionMetrics",
];

function stepOf(plane: DataPlane, item: Record<string, unknown>, index: number): Step {
  const kinds = KINDS.filter((kind) => item[kind] !== undefined && item[kind] !== null);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    throw new AwsError("ValidationException", "TransactItems can only contain one of Check, Put, Update or Delete");
  }
  const body = membersOf(item[kind], kind, index);
  for (const member of FOREIGN) {
    delete body[member];
  }
  useTableName(plane, body);
  const tellItemOnFailure = tellsItemOnFailure(body);
  const request = validateRequest(kind === "Put" ? "PutItem" : kind === "Update" ? "UpdateItem" : "DeleteItem", body);
  const table = plane.tables.forItems(request.TableName);
  const write = (): ItemWrite => {
    switch (kind) {
      case "Put":
        return putWrite(table, request, tellItemOnFailure);
      case "Delete":
        return deleteWrite(table, request, tellItemOnFailure);
      case "Update":
        return updateWrite(table, request, tellItemOnFailure).write;
      default:
        return checkWrite(table, request, tellItemOnFailure);
    }
  };
  return { table, request, write };
}

function checkWrite(table: Table, request: ValidRequest, tellItemOnFailure: boolean): ItemWrite {
  const key = request.Key as Item;
  checkKey(key, table.shape);
  return {
    table,
    key: keyOf(key, table.shape),
    condition: conditionOf(request),
    apply: (existing) => existing,
    tellItemOnFailure,
  };
}

function membersOf(value: unknown, kind: (typeof KINDS)[number], index: number): Body {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AwsError("SerializationException", "Start of structure or map found where not expected");
  }
  const body = value as Body;
  for (const member of REQUIRED[kind]) {
    if (body[member] === undefined || body[member] === null) {
      throw new AwsError(
        "ValidationException",
        `1 validation error detected: Value null at 'transactItems.${index + 1}.member.${lowerFirst(kind)}.${lowerFirst(member)}' failed to satisfy constraint: Member must not be null`,
      );
    }
  }
  return body;
}

/** Makes all writes; those that do not fit their tables cancel the transaction, each with its reason. */
function fit<T>(makers: readonly (() => T)[]): T[] {
  const made: T[] = [];
  const reasons = makers.map((make): CancellationReason => {
    try {
      made.push(make());
      return { Code: "None" };
    } catch (error) {
      if (error instanceof AwsError) {
        return { Code: "ValidationError", Message: error.message };
      }
      throw error;
    }
  });
  if (made.length < makers.length) {
    throw transactionCanceled(reasons);
  }
  return made;
}

function checkDistinct(items: readonly { readonly table: Table; readonly key: string }[]): void {
  if (new Set(items.map(({ table, key }) => table.itemPrefix + key)).size < items.length) {
    throw new AwsError("ValidationException", "Transaction request cannot include multiple operations on one item");
  }
}

function checkSize(steps: readonly Step[]): void {
  const bytes = steps.reduce((sum, { request }) => sum + itemSize(request.Item ?? {}), 0);
  if (bytes > MAX_BYTES) {
    throw new AwsError(
      "ValidationException",
      `The items of the transaction have ${bytes} bytes together; at most ${MAX_BYTES} are allowed`,
    );
  }
}

function transactItems(body: Body): Record<string, unknown>[] {
  const items = body.TransactItems;
  if (!Array.isArray(items)) {
    throw new AwsError(
      "ValidationException",
      "1 validation error detected: Value null at 'transactItems' failed to satisfy constraint: Member must not be null",
    );
  }
  if (items.length < 1 || items.length > MAX_ITEMS) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${items.length < 1 ? "greater than or equal to 1" : `less than or equal to ${MAX_ITEMS}`}`,
    );
  }
  return items as Record<string, unknown>[];
}

function clientToken(body: Body): string | undefined {
  const token = body.ClientRequestToken;
  if (token === undefined || token === null) {
    return undefined;
  }
  if (typeof token !== "string" || token.length < 1 || token.length > MAX_TOKEN_LENGTH) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${String(token)}' at 'clientRequestToken' failed to satisfy constraint: Member must have length between 1 and ${MAX_TOKEN_LENGTH}`,
    );
  }
  return token;
}

function capacityDetail(body: Body): string | undefined {
  const detail = body.ReturnConsumedCapacity;
  return typeof detail === "string" ? detail : undefined;
}

function consumedByWrites(
  writes: readonly ItemWrite[],
  written: readonly Written[],
  detail: string | undefined,
): ConsumedCapacity[] | undefined {
  if (!wantsCapacity(detail)) {
    return undefined;
  }
  return tablesOf(writes).map((table) => {
    const units = written.filter((_, index) => writes[index]?.table === table).map((result) => result.units);
    return writeCapacity(table.name, units, detail, true) as ConsumedCapacity;
  });
}

/** A transaction that had been done before consumes reads: DynamoDB looks whether it was. */
function readInsteadOfWritten(
  plane: DataPlane,
  writes: readonly ItemWrite[],
  detail: string | undefined,
): ConsumedCapacity[] | undefined {
  const capacities = tablesOf(writes).map((table) => {
    const units = writes
      .filter((write) => write.table === table)
      .reduce((sum, write) => sum + 2 * unitsOf(plane.store.read(table.itemPrefix + write.key)), 0);
    plane.traffic.read(table.name, units);
    return readInTransaction(table, units, detail);
  });
  return wantsCapacity(detail) ? capacities : undefined;
}

function transactGetItems(plane: DataPlane, body: Body): unknown {
  const gets = transactItems(body).map((item, index) => getOf(plane, item, index));
  const detail = capacityDetail(body);
  const reads = fit(
    gets.map(({ table, request }) => () => ({ table, request, key: readKey(request, table) })),
  );
  checkDistinct(reads);
  const conflicts = reads.map(({ table, key }) => plane.writes.isTransacting(table, key));
  if (conflicts.includes(true)) {
    for (const [index, { table }] of reads.entries()) {
      plane.traffic.canceled(table.name, conflicts[index] ? "TransactionConflict" : "None");
    }
    throw transactionCanceled(
      conflicts.map((conflict) =>
        conflict ? { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" } : { Code: "None" },
      ),
    );
  }
  const items = plane.store.readTogether(reads.map(({ table, key }) => table.itemPrefix + key));
  const capacities = tablesOf(reads).map((table) => {
    const units = items
      .filter((_, index) => reads[index]?.table === table)
      .reduce((sum, item) => sum + 2 * unitsOf(item), 0);
    plane.traffic.read(table.name, units);
    return readInTransaction(table, units, detail);
  });
  return {
    Responses: items.map((item, index) =>
      item === undefined ? {} : { Item: projected((reads[index] as { request: ValidRequest }).request, item) },
    ),
    ConsumedCapacity: wantsCapacity(detail) ? capacities : undefined,
  };
}

function getOf(
  plane: DataPlane,
  item: Record<string, unknown>,
  index: number,
): { table: Table; request: ValidRequest } {
  const body = item.Get;
  if (typeof body !== "object" || body === null) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value null at 'transactItems.${index + 1}.member.get' failed to satisfy constraint: Member must not be null`,
    );
  }
  const get = body as Body;
  delete get.AttributesToGet;
  delete get.ReturnConsumedCapacity;
  useTableName(plane, get);
  const request = validateRequest("GetItem", get);
  return { table: plane.tables.forItems(request.TableName), request };
}

function unitsOf(item: Item | undefined): number {
  return readUnits(item === undefined ? 0 : itemSize(item), true);
}

function readInTransaction(table: Table, units: number, detail: string | undefined): ConsumedCapacity {
  const amounts = { CapacityUnits: units, ReadCapacityUnits: units };
  return detail === "INDEXES"
    ? { TableName: table.name, ...amounts, Table: amounts }
    : { TableName: table.name, ...amounts };
}

function tablesOf(items: readonly { readonly table: Table }[]): Table[] {
  return [...new Set(items.map(({ table }) => table))];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
