import type { Item } from "../items/item.ts";
import { LIMITS } from "../items/limits.ts";
import { EXPIRY, type TableRecord } from "./item-record.ts";
import type { FirstAnswer, IdempotentRequest } from "./item-store.ts";

/** Tells notes of answered requests from the other records of the table. */
const KIND = "idempotency";

/** The key of the note about a request. It is no UUID, so no request for an item can reach it, and it has no status: no list has it. */
export function keyOfRequest(requestId: string): TableRecord {
  return { id: { S: `${KIND}#${requestId}` } };
}

/** A note that a request was answered with the creation of an item. */
export function toIdempotencyRecord(request: IdempotentRequest, item: Item, nowEpoch: number): TableRecord {
  return {
    ...keyOfRequest(request.id),
    kind: { S: KIND },
    fingerprint: { S: request.fingerprint },
    // As it was answered: the item itself may change, or go, before the next try.
    answer: { S: JSON.stringify(item) },
    [EXPIRY]: { N: String(nowEpoch + LIMITS.idempotencyKey.keptSeconds) },
  };
}

/** @throws {Error} when the record is no such note */
export function toFirstAnswer({ fingerprint, answer }: TableRecord): FirstAnswer {
  if (fingerprint?.S === undefined || answer?.S === undefined)
    throw new Error("The note of an answered request is incomplete.");
  return { fingerprint: fingerprint.S, item: JSON.parse(answer.S) as Item };
}
