import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { createOnce } from "./create-once.ts";
import { keyOfRequest, toFirstAnswer } from "./idempotency-record.ts";
import { absentFrom, EXPIRY, isExpired, type TableRecord, toItem, toRecord } from "./item-record.ts";
import type { ItemStore, WriteResult } from "./item-store.ts";
import { StoreUnavailableError } from "./store-unavailable-error.ts";
import { translateStoreError } from "./translate-store-error.ts";

const STATUS_INDEX = "status-index";

/** No record has this key: a read of it costs the least and shows the most. */
const HEALTH_KEY: TableRecord = { id: { S: "health" } };

/**
 * The items in a DynamoDB table: partition key `id`; index `status-index` with partition key `status` and sort key
 * `createdAt`, all attributes projected; time to live on `expiresAtEpoch`. `data/README.md` has the access patterns.
 *
 * DynamoDB may take days to delete an expired item, so every read leaves expired items out.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
 */
export function createDynamoItemStore(client: DynamoDBClient, tableName: string, now: () => Date): ItemStore {
  const table = { TableName: tableName };
  const nowEpoch = () => Math.floor(now().getTime() / 1000);

  async function read(key: TableRecord, isConsistent = true): Promise<TableRecord | undefined> {
    const { Item: record } = await client.send(
      new GetItemCommand({ ...table, Key: key, ConsistentRead: isConsistent }),
    );
    return record;
  }

  async function readPresent(key: TableRecord): Promise<TableRecord | undefined> {
    const record = await read(key);
    return record === undefined || isExpired(record, nowEpoch()) ? undefined : record;
  }

  /** What has become of a change that was sent again, and refused then. */
  async function becameOf(record: ReturnType<typeof toRecord>, expectedVersion: number): Promise<WriteResult> {
    const present = await read({ id: record.id });
    if (present?.writeId?.S === record.writeId.S) return "written";
    if (present !== undefined && Number(present.version?.N) > expectedVersion + 1) {
      throw new StoreUnavailableError("Others have written since, and nobody knows whether this was written before.");
    }
    return "conflict";
  }

  return {
    get: (id) =>
      translateStoreError(async () => {
        const record = await readPresent({ id: { S: id } });
        return record && toItem(record);
      }),

    list: ({ status, order, limit, after }) =>
      translateStoreError(async () => {
        const { Items: records = [], LastEvaluatedKey: last } = await client.send(
          new QueryCommand({
            ...table,
            IndexName: STATUS_INDEX,
            KeyConditionExpression: "#status = :status",
            FilterExpression: `attribute_not_exists(${EXPIRY}) OR ${EXPIRY} > :now`,
            ExpressionAttributeNames: { "#status": "status" },
            ExpressionAttributeValues: { ":status": { S: status }, ":now": { N: String(nowEpoch()) } },
            ScanIndexForward: order === "oldest",
            Limit: limit,
            ExclusiveStartKey: after && {
              id: { S: after.id },
              status: { S: status },
              createdAt: { S: after.createdAt },
            },
          }),
        );
        return {
          items: records.map(toItem),
          next: last && { createdAt: last.createdAt?.S ?? "", id: last.id?.S ?? "" },
        };
      }),

    createOnce: (item, request) =>
      translateStoreError(() => createOnce({ client, tableName, item, request, nowEpoch: nowEpoch() })),

    findFirstAnswer: (requestId) =>
      translateStoreError(async () => {
        const record = await readPresent(keyOfRequest(requestId));
        return record && toFirstAnswer(record);
      }),

    replace: (item, expectedVersion) => {
      const record = toRecord(item);
      const update = { ...table, Key: { id: { S: item.id } }, ...updateOf(record, expectedVersion) };
      return conditionally(
        () => client.send(new UpdateItemCommand(update)),
        () => becameOf(record, expectedVersion),
      );
    },

    delete: (id, expectedVersion) => {
      const key: TableRecord = { id: { S: id } };
      return conditionally(
        () =>
          client.send(
            new DeleteItemCommand({
              ...table,
              Key: key,
              ConditionExpression: "version = :expected",
              ExpressionAttributeValues: { ":expected": { N: String(expectedVersion) } },
            }),
          ),
        async () => ((await read(key)) === undefined ? "written" : "conflict"),
      );
    },

    check: () => translateStoreError(async () => void (await read(HEALTH_KEY, false))),
  };
}

/**
 * Sends a conditional write. When the answer of a write is lost, the SDK sends it again, and then its condition fails
 * because of itself:
 *
 *     write v4 if v3 ── done ── answer lost ── again: write v4 if v3 ── condition fails, yet the item is as we want it
 *                                     └── another writes v5 ── ... ── condition fails, and v4 cannot be told from another's
 *
 * So what a condition means that fails on a second attempt is found out by `look`.
 */
function conditionally(write: () => Promise<unknown>, look: () => Promise<WriteResult>): Promise<WriteResult> {
  return translateStoreError(async () => {
    try {
      await write();
      return "written";
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const retried = (error.$metadata.attempts ?? 1) > 1;
      return retried ? look() : "conflict";
    }
  });
}

/**
 * Sets what the record has and removes what it has not, instead of putting the whole record: attributes that another
 * version of this function added must survive a canary and a rollback.
 */
function updateOf(record: TableRecord, expectedVersion: number) {
  const { id: _, ...attributes } = record;
  const set = Object.entries(attributes);
  const remove = absentFrom(record);
  return {
    UpdateExpression:
      `SET ${set.map(([name]) => `#${name} = :${name}`).join(", ")}` +
      (remove.length === 0 ? "" : ` REMOVE ${remove.map((name) => `#${name}`).join(", ")}`),
    ConditionExpression: "#version = :expected",
    ExpressionAttributeNames: Object.fromEntries(
      [...set.map(([name]) => name), ...remove].map((name) => [`#${name}`, name]),
    ),
    ExpressionAttributeValues: {
      ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
      ":expected": { N: String(expectedVersion) },
    },
  };
}
