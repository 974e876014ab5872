import { setTimeout as sleep } from "node:timers/promises";
import {
  type CancellationReason,
  type DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import type { Item } from "../items/item.ts";
import { toFirstAnswer, toIdempotencyRecord } from "./idempotency-record.ts";
import { EXPIRY, toRecord } from "./item-record.ts";
import type { FirstAnswer, IdempotentRequest, WriteResult } from "./item-store.ts";
import { StoreUnavailableError } from "./store-unavailable-error.ts";

const MAX_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 10;

/** Reasons that pass by themselves. */
const THROTTLED = new Set(["ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"]);

/** What is written. */
export interface Creation {
  client: DynamoDBClient;
  tableName: string;
  item: Item;
  /** The request whose answer is noted down with it. */
  request?: IdempotentRequest;
  /** Seconds since 1970. */
  nowEpoch: number;
}

/**
 * Writes an item and, for a request with a key, the note that it was answered with it, in one transaction:
 *
 *     A: note? ── no ── item + note ── 201 ── answer lost
 *     B: note? ──────────────── conflict ── again: note! ── the first answer
 *
 * There is no state in between, so there is nothing to clean up after a crash. It is a transaction for an item alone, too, at twice the
 * write units, because only transactions have a token: what the SDK sends again, after an answer that was late or lost, is done once. A
 * put that is sent again could bring back what somebody else has deleted meanwhile:
 *
 *     put ── late ............................... done: it is back
 *      └── again: put ── done ── 201 ── delete ── 204
 *
 * @returns as `ItemStore.createOnce`
 * @throws {StoreUnavailableError} when others keep writing the same note, or the table is throttled
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export async function createOnce(creation: Creation): Promise<WriteResult | FirstAnswer> {
  const { client, tableName, item, request, nowEpoch } = creation;
  const record = toRecord(item);
  const created = { Put: { TableName: tableName, Item: record, ConditionExpression: "attribute_not_exists(id)" } };
  const command = new TransactWriteItemsCommand({
    ClientRequestToken: record.writeId.S,
    TransactItems: request === undefined ? [created] : [created, noteOf(tableName, request, item, nowEpoch)],
  });
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(command);
      return "written";
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const [item, note] = error.CancellationReasons ?? [];
      if (note?.Code === "ConditionalCheckFailed") return toFirstAnswer(note.Item ?? {});
      if (item?.Code === "ConditionalCheckFailed") return "conflict";
      if (attempt === MAX_ATTEMPTS || !passes(error.CancellationReasons)) throw unavailable(error);
    }
    await sleep(Math.random() * FIRST_PAUSE_MS * 2 ** attempt);
  }
}

function noteOf(tableName: string, request: IdempotentRequest, answer: Item, nowEpoch: number) {
  return {
    Put: {
      TableName: tableName,
      Item: toIdempotencyRecord(request, answer, nowEpoch),
      // DynamoDB may take days to delete a note that is too old.
      ConditionExpression: `attribute_not_exists(id) OR ${EXPIRY} <= :now`,
      ExpressionAttributeValues: { ":now": { N: String(nowEpoch) } },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
    },
  };
}

function passes(reasons: readonly CancellationReason[] = []): boolean {
  return reasons.some(({ Code: code = "" }) => code === "TransactionConflict" || THROTTLED.has(code));
}

/** A transaction that was cancelled for another reason than a condition wrote nothing, and can be sent again. */
function unavailable(error: TransactionCanceledException): Error {
  const reasons = error.CancellationReasons ?? [];
  return passes(reasons)
    ? new StoreUnavailableError("The items table is busy.", {
        cause: error,
        isThrottled: reasons.some(({ Code: code = "" }) => THROTTLED.has(code)),
      })
    : error;
}
