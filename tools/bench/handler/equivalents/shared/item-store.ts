import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { config } from "./config.ts";
import type { ListPosition } from "./cursor.ts";
import type { Item } from "./item.ts";

/** What a creation under an idempotency key came to, kept for a day. */
export interface IdempotencyRecord {
  readonly id: string;
  readonly bodyHash: string;
  readonly item: Item;
}

interface ItemRecord extends Omit<Item, "expiresAt"> {
  readonly kind: "item";
  readonly expiresAtEpoch?: number | undefined;
  readonly writeId: string;
}

const secondsPerDay = 24 * 60 * 60;
const table = { TableName: config.tableName };
const client = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    maxAttempts: 3,
    retryMode: "standard",
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  }),
  { marshallOptions: { removeUndefinedValues: true } },
);

/** The items that have not expired. */
export async function getItem(id: string): Promise<Item | undefined> {
  const record = await readRecord(id);
  return record === undefined || (record.expiresAtEpoch ?? Infinity) <= nowEpoch() ? undefined : toItem(record);
}

/** One page of a status's items. */
export async function listItems(query: {
  readonly status: string;
  readonly order: "newest" | "oldest";
  readonly limit: number;
  readonly after: ListPosition | undefined;
}): Promise<{ items: Item[]; next: ListPosition | undefined }> {
  const { status, order, limit, after } = query;
  const { Items = [], LastEvaluatedKey: last } = await client.send(
    new QueryCommand({
      ...table,
      IndexName: "status-index",
      KeyConditionExpression: "#status = :status",
      FilterExpression: "attribute_not_exists(expiresAtEpoch) OR expiresAtEpoch > :now",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":status": status, ":now": nowEpoch() },
      ScanIndexForward: order === "oldest",
      Limit: limit,
      ExclusiveStartKey: after && { ...after, status },
    }),
  );
  return {
    items: Items.map((record) => toItem(record as ItemRecord)),
    next: last && { createdAt: String(last.createdAt), id: String(last.id) },
  };
}

/** Writes a new item; a retry of the SDK that meets its own first attempt counts as written. */
export async function createItem(item: Item): Promise<boolean> {
  const Item = toRecord(item);
  return conditionally(
    new PutCommand({ ...table, Item, ConditionExpression: "attribute_not_exists(id)" }),
    async () => (await readRecord(item.id))?.writeId === Item.writeId,
  );
}

/** Writes a new item and its idempotency record, both or none; `undefined` when the key was used before. */
export async function createItemOnce(
  item: Item,
  key: string,
  bodyHash: string,
): Promise<IdempotencyRecord | undefined> {
  const kept = { id: key, kind: "idempotency", bodyHash, item, expiresAtEpoch: nowEpoch() + secondsPerDay };
  try {
    await client.send(
      new TransactWriteCommand({
        ClientRequestToken: randomUUID(),
        TransactItems: [
          {
            Put: {
              ...table,
              Item: kept,
              ConditionExpression: "attribute_not_exists(id) OR expiresAtEpoch <= :now",
              ExpressionAttributeValues: { ":now": nowEpoch() },
            },
          },
          { Put: { ...table, Item: toRecord(item), ConditionExpression: "attribute_not_exists(id)" } },
        ],
      }),
    );
    return undefined;
  } catch (error) {
    const failed = error instanceof TransactionCanceledException && error.CancellationReasons?.[0]?.Code;
    if (failed !== "ConditionalCheckFailed") {
      throw error;
    }
    const { Item } = await client.send(new GetCommand({ ...table, Key: { id: key }, ConsistentRead: true }));
    return Item as IdempotencyRecord;
  }
}

/** Sets and removes attributes on condition of the version, so that what another release wrote survives. */
export async function replaceItem(item: Item, expectedVersion: number): Promise<boolean> {
  const record = toRecord(item);
  const { id, ...attributes } = record;
  const entries = Object.entries(attributes);
  const set = entries.filter(([, value]) => value !== undefined);
  const remove = entries.filter(([, value]) => value === undefined);
  const removal = remove.length === 0 ? "" : ` REMOVE ${remove.map(([name]) => `#${name}`).join(", ")}`;
  return conditionally(
    new UpdateCommand({
      ...table,
      Key: { id },
      UpdateExpression: `SET ${set.map(([name]) => `#${name} = :${name}`).join(", ")}${removal}`,
      ConditionExpression: "#version = :expected",
      ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
        ":expected": expectedVersion,
      },
    }),
    async () => (await readRecord(id))?.writeId === record.writeId,
  );
}

/** Deletes on condition of the version. */
export async function deleteItem(id: string, expectedVersion: number): Promise<boolean> {
  return conditionally(
    new DeleteCommand({
      ...table,
      Key: { id },
      ConditionExpression: "version = :expected",
      ExpressionAttributeValues: { ":expected": expectedVersion },
    }),
    async () => (await readRecord(id)) === undefined,
  );
}

/** Reads one key that is nobody's, to see whether the table answers. */
export async function probeTable(): Promise<void> {
  await client.send(new GetCommand({ ...table, Key: { id: "health" } }));
}

async function readRecord(id: string): Promise<ItemRecord | undefined> {
  const { Item } = await client.send(new GetCommand({ ...table, Key: { id }, ConsistentRead: true }));
  return Item as ItemRecord | undefined;
}

async function conditionally(
  command: PutCommand | UpdateCommand | DeleteCommand,
  isDone: () => Promise<boolean>,
): Promise<boolean> {
  try {
    // The overloads of send take one kind of command each.
    await client.send(command as PutCommand);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) {
      throw error;
    }
    return (error.$metadata.attempts ?? 1) > 1 && (await isDone());
  }
}

function nowEpoch(): number {
  return Math.floor(Date.now() / 1000);
}

function toItem({ kind: _, writeId: __, expiresAtEpoch, ...rest }: ItemRecord): Item {
  const expiresAt = expiresAtEpoch === undefined ? undefined : new Date(expiresAtEpoch * 1000).toISOString();
  const { id, name, description, status, attributes, createdAt, updatedAt, version } = rest;
  return { id, name, description, status, attributes, expiresAt, createdAt, updatedAt, version };
}

function toRecord({ expiresAt, ...item }: Item): ItemRecord {
  const { id, name, description, status, attributes, createdAt, updatedAt, version } = item;
  const expiresAtEpoch = expiresAt === undefined ? undefined : Math.floor(Date.parse(expiresAt) / 1000);
  return {
    ...{ id, kind: "item", name, description, status, attributes, expiresAtEpoch },
    ...{ createdAt, updatedAt, version, writeId: randomUUID() },
  };
}
