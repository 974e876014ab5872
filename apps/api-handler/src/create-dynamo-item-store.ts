import { randomUUID } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Item } from "./item.ts";
import type { ItemStore, ListPosition, WriteResult } from "./item-store.ts";
import { translateStoreError } from "./translate-store-error.ts";

const STATUS_INDEX = "status-index";

/** An item as the table holds it. */
interface ItemRecord extends Omit<Item, "expiresAt"> {
  /** The table's time-to-live attribute: seconds since 1970. */
  expiresAtEpoch?: number | undefined;
  /** Different for each write, so that a retry can recognise a write whose answer was lost. */
  writeId: string;
}

/**
 * The items in a DynamoDB table: partition key `id`; index `status-index` with partition key `status` and sort key
 * `createdAt`, all attributes projected; time to live on `expiresAtEpoch`.
 *
 * DynamoDB may take days to delete an expired item, so every read leaves expired items out.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
 */
export function createDynamoItemStore(client: DynamoDBDocumentClient, tableName: string, now: () => Date): ItemStore {
  const table = { TableName: tableName };
  const nowEpoch = () => Math.floor(now().getTime() / 1000);

  async function readRecord(id: string): Promise<ItemRecord | undefined> {
    const output = await client.send(new GetCommand({ ...table, Key: { id }, ConsistentRead: true }));
    return output.Item as ItemRecord | undefined;
  }

  return {
    get: (id) =>
      translateStoreError(async () => {
        const record = await readRecord(id);
        return record === undefined || (record.expiresAtEpoch ?? Infinity) <= nowEpoch() ? undefined : toItem(record);
      }),

    list: ({ status, limit, after }) =>
      translateStoreError(async () => {
        const output = await client.send(
          new QueryCommand({
            ...table,
            IndexName: STATUS_INDEX,
            KeyConditionExpression: "#status = :status",
            FilterExpression: "attribute_not_exists(expiresAtEpoch) OR expiresAtEpoch > :now",
            ExpressionAttributeNames: { "#status": "status" },
            ExpressionAttributeValues: { ":status": status, ":now": nowEpoch() },
            ScanIndexForward: false,
            Limit: limit,
            ExclusiveStartKey: after && { ...after, status },
          }),
        );
        const last = output.LastEvaluatedKey as ListPosition | undefined;
        return {
          items: (output.Items ?? []).map((record) => toItem(record as ItemRecord)),
          next: last && { createdAt: last.createdAt, id: last.id },
        };
      }),

    create: (item) => {
      const record = toRecord(item);
      const condition = "attribute_not_exists(id)";
      return conditionally(
        () => client.send(new PutCommand({ ...table, Item: record, ConditionExpression: condition })),
        async () => (await readRecord(item.id))?.writeId === record.writeId,
      );
    },

    replace: (item, expectedVersion) => {
      const record = toRecord(item);
      const update = { ...table, Key: { id: item.id }, ...updateExpression(record, expectedVersion) };
      return conditionally(
        () => client.send(new UpdateCommand(update)),
        async () => (await readRecord(item.id))?.writeId === record.writeId,
      );
    },

    delete: (id, expectedVersion) =>
      conditionally(
        () =>
          client.send(
            new DeleteCommand({
              ...table,
              Key: { id },
              ConditionExpression: "version = :expected",
              ExpressionAttributeValues: { ":expected": expectedVersion },
            }),
          ),
        async () => (await readRecord(id)) === undefined,
      ),
  };
}

/**
 * Sends a conditional write. When the answer of a write is lost, the SDK sends it again, and then its condition fails
 * because of itself:
 *
 *     write v4 if v3 ── done ── answer lost ── again: write v4 if v3 ── condition fails, yet the item is as we want it
 *
 * So a condition that fails on a second attempt is a conflict only if `isDone` does not find our own write.
 */
function conditionally(write: () => Promise<unknown>, isDone: () => Promise<boolean>): Promise<WriteResult> {
  return translateStoreError(async () => {
    try {
      await write();
      return "written";
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const retried = (error.$metadata.attempts ?? 1) > 1;
      return retried && (await isDone()) ? "written" : "conflict";
    }
  });
}

function toItem(record: ItemRecord): Item {
  const { id, name, description, status, createdAt, updatedAt, version, expiresAtEpoch } = record;
  const expiresAt = expiresAtEpoch === undefined ? undefined : new Date(expiresAtEpoch * 1000).toISOString();
  return { id, name, description, status, expiresAt, createdAt, updatedAt, version };
}

function toRecord({ id, name, description, status, expiresAt, createdAt, updatedAt, version }: Item): ItemRecord {
  const expiresAtEpoch = expiresAt === undefined ? undefined : Math.floor(Date.parse(expiresAt) / 1000);
  return { id, name, description, status, expiresAtEpoch, createdAt, updatedAt, version, writeId: randomUUID() };
}

/**
 * Sets what the record has and removes what it has not, instead of putting the whole record: attributes that another
 * version of this function added must survive a canary and a rollback.
 */
function updateExpression({ id: _, ...attributes }: ItemRecord, expectedVersion: number) {
  const names = Object.keys(attributes) as (keyof typeof attributes)[];
  const set = names.filter((name) => attributes[name] !== undefined);
  const remove = names.filter((name) => attributes[name] === undefined);
  const values = set.map((name) => [`:${name}`, attributes[name]] as const);
  return {
    UpdateExpression:
      `SET ${set.map((name) => `#${name} = :${name}`).join(", ")}` +
      (remove.length === 0 ? "" : ` REMOVE ${remove.map((name) => `#${name}`).join(", ")}`),
    ConditionExpression: "#version = :expected",
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: { ...Object.fromEntries(values), ":expected": expectedVersion },
  };
}
