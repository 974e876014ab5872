import { setTimeout as sleep } from "node:timers/promises";
import {
  type CancellationReason,
  type DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import type { Item } from "../items/item.ts";
import { toFirstAnswer, toIdempotencyRecord } from "./idempotency-record.ts";
import { EXPIRY, type TableRecord } from "./item-record.ts";
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
  /** The item as the table holds it. */
  item: TableRecord;
  /** The item as the client is shown it. */
  answer: Item;
  request: IdempotentRequest;
  /** Seconds since 1970. */
  nowEpoch: number;
}

/**
 * Writes an item and the note that its request was answered, in one transaction:
 *
 *     A: note? ── no ── item + note ── 201 ── answer lost
 *     B: note? ──────────────── conflict ── again: note! ── the first answer
 *
 * There is no state in between, so there is nothing to clean up after a crash. A transaction whose answer was lost is sent again by the
 * SDK with the same token, and DynamoDB then answers as it did the first time.
 *
 * @returns as `ItemStore.createOnce`
 * @throws {StoreUnavailableError} when others keep writing the same note, or the table is throttled
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export async function createOnce(creation: Creation): Promise<WriteResult | FirstAnswer> {
  const { client, tableName, item, request, answer, nowEpoch } = creation;
  const command = new TransactWriteItemsCommand({
    ClientRequestToken: item.writeId?.S,
    TransactItems: [
      {
        Put: {
          TableName: tableName,
          Item: toIdempotencyRecord(request, answer, nowEpoch),
          // DynamoDB may take days to delete a note that is too old.
          ConditionExpression: `attribute_not_exists(id) OR ${EXPIRY} <= :now`,
          ExpressionAttributeValues: { ":now": { N: String(nowEpoch) } },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
      { Put: { TableName: tableName, Item: item, ConditionExpression: "attribute_not_exists(id)" } },
    ],
  });
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(command);
      return "written";
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const [note, created] = error.CancellationReasons ?? [];
      if (note?.Code === "ConditionalCheckFailed") return toFirstAnswer(note.Item ?? {});
      if (created?.Code === "ConditionalCheckFailed") return "conflict";
      if (attempt === MAX_ATTEMPTS || !passes(error.CancellationReasons)) throw unavailable(error);
    }
    await sleep(Math.random() * FIRST_PAUSE_MS * 2 ** attempt);
  }
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
