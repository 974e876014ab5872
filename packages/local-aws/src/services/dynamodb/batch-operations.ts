import { AwsError } from "../../core/aws-error.ts";
import type { Item } from "./attribute-value.ts";
import { readCapacity, writeCapacity } from "./capacity.ts";
import { type Body, countWrite, type DataOperation, type DataPlane, refuseCollectionMetrics } from "./data-plane.ts";
import { type ConsumedCapacity, type ValidRequest, validateRequest } from "./dynalite.ts";
import { deleteWrite, projected, putWrite, readKey } from "./item-operations.ts";
import { itemSize, readUnits } from "./item-size.ts";
import type { Table } from "./table.ts";
import type { ItemWrite, Written } from "./write-path.ts";

/** Most bytes that BatchGetItem answers with; further keys come back as unprocessed. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const MAX_WRITES = 25;

/** BatchGetItem and BatchWriteItem. */
export function batchOperations(plane: DataPlane): Record<string, DataOperation> {
  return {
    BatchGetItem: async (body) => batchGetItem(plane, body),
    BatchWriteItem: (body) => batchWriteItem(plane, body),
  };
}

/** What BatchGetItem asks of one table, validated. */
interface KeysAndAttributes extends Omit<ValidRequest, "TableName"> {
  readonly Keys: readonly Item[];
}

function batchGetItem(plane: DataPlane, body: Body): unknown {
  const originals = originalRequests(body);
  const named = useTableNames(plane, body);
  const request = validateRequest("BatchGetItem", body);
  const wanted = Object.entries(request.RequestItems as Record<string, KeysAndAttributes>).map(([name, keys]) => {
    const table = plane.tables.forItems(name);
    const asked = { ...keys, TableName: name };
    return { table, asked, places: keys.Keys.map((Key) => readKey({ ...asked, Key }, table)) };
  });
  const responses: Record<string, Item[]> = {};
  const unprocessed: Record<string, unknown> = {};
  const capacities: ConsumedCapacity[] = [];
  let bytes = 0;
  for (const { table, asked, places } of wanted) {
    const caller = named.get(table.name) ?? table.name;
    const items: Item[] = [];
    const left: Item[] = [];
    let units = 0;
    for (const [index, place] of places.entries()) {
      const item = plane.store.read(table.itemPrefix + place);
      const size = item === undefined ? 0 : itemSize(item);
      if (bytes + size > MAX_ANSWER_BYTES) {
        left.push(asked.Keys[index] as Item);
        continue;
      }
      bytes += size;
      units += readUnits(size, asked.ConsistentRead ?? false);
      if (item !== undefined) {
        items.push(projected(asked, item));
      }
    }
    responses[caller] = items;
    if (left.length > 0) {
      unprocessed[caller] = { ...(originals[caller] as object), Keys: left };
    }
    plane.traffic.read(table.name, units);
    const capacity = readCapacity(table.name, units, request.ReturnConsumedCapacity);
    if (capacity !== undefined) {
      capacities.push(capacity);
    }
  }
  return {
    Responses: responses,
    UnprocessedKeys: unprocessed,
    ConsumedCapacity: capacities.length === 0 ? undefined : capacities,
  };
}

/** The request's tables as they came: what dynalite makes of them has its expressions parsed. */
function originalRequests(body: Body): Readonly<Record<string, unknown>> {
  const items = body.RequestItems;
  return typeof items === "object" && items !== null
    ? Object.fromEntries(Object.entries(items).map(([name, value]) => [name, { ...(value as object) }]))
    : {};
}

/** Replaces ARNs among the request's tables by names, and tells by name what the caller had called them. */
function useTableNames(plane: DataPlane, body: Body): ReadonlyMap<string, string> {
  const items = body.RequestItems;
  const named = new Map<string, string>();
  if (typeof items === "object" && items !== null && Object.keys(items).some((name) => name.startsWith("arn:"))) {
    const entries = Object.entries(items).map(([given, value]) => {
      const name = plane.tables.nameOf(given);
      named.set(name, given);
      return [name, value] as const;
    });
    body.RequestItems = Object.fromEntries(entries);
  }
  return named;
}

interface WriteRequest {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

async function batchWriteItem(plane: DataPlane, body: Body): Promise<unknown> {
  useTableNames(plane, body);
  const wantsCollection = body.ReturnItemCollectionMetrics === "SIZE";
  const request = validateRequest("BatchWriteItem", body);
  const requests = Object.entries(request.RequestItems as Record<string, WriteRequest[]>);
  if (requests.reduce((sum, [, writes]) => sum + writes.length, 0) > MAX_WRITES) {
    throw new AwsError("ValidationException", "Too many items requested for the BatchWriteItem call");
  }
  const byTable = requests.map(([name, writes]) => {
    const table = plane.tables.forItems(name);
    refuseCollectionMetrics(table, wantsCollection);
    const made = writes.map((write) => writeOf(table, write));
    if (new Set(made.map(({ key }) => key)).size < made.length) {
      throw new AwsError("ValidationException", "Provided list of item keys contains duplicates");
    }
    return { table, requests: writes, writes: made };
  });
  // All are on their way before the first is waited for: they go to disk together.
  const outcomes = byTable.map(({ table, requests, writes }) => ({
    table,
    requests,
    results: writes.map((write) => tryWrite(plane, write)),
  }));
  const capacities: ConsumedCapacity[] = [];
  const unprocessed: Record<string, WriteRequest[]> = {};
  for (const { table, requests, results } of outcomes) {
    const written = await Promise.all(results);
    const left = requests.filter((_, index) => written[index] === undefined);
    if (left.length > 0) {
      unprocessed[table.name] = left;
    }
    const done = written.filter((result) => result !== undefined);
    for (const result of done) {
      countWrite(plane, table, result);
    }
    const units = done.map((result) => result.units);
    const capacity = writeCapacity(table.name, units, request.ReturnConsumedCapacity);
    if (capacity !== undefined) {
      capacities.push(capacity);
    }
  }
  return { UnprocessedItems: unprocessed, ConsumedCapacity: capacities.length === 0 ? undefined : capacities };
}

function writeOf(table: Table, { PutRequest, DeleteRequest }: WriteRequest): ItemWrite {
  try {
    return PutRequest !== undefined
      ? putWrite(table, { TableName: table.name, Item: PutRequest.Item }, false)
      : deleteWrite(table, { TableName: table.name, Key: DeleteRequest?.Key ?? {} }, false);
  } catch (error) {
    // AWS words this one differently in a batch.
    if (error instanceof AwsError && /Missing the key|Type mismatch for key/.test(error.message)) {
      throw new AwsError(error.code, "The provided key element does not match the schema");
    }
    throw error;
  }
}

/** `undefined` when the item is part of a transaction on its way: the caller is to send it again. */
async function tryWrite(plane: DataPlane, write: ItemWrite): Promise<Written | undefined> {
  try {
    return await plane.writes.write(write);
  } catch (error) {
    if (error instanceof AwsError && error.code === "TransactionConflictException") {
      return undefined;
    }
    throw error;
  }
}
