import { BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Item } from "../items/item.ts";
import { toRecord } from "../store/item-record.ts";
import { makeItem } from "./make-item.ts";

/** What one call can write. */
const BATCH = 25;
const CALLS_AT_ONCE = 8;

/** An item of a large table: all have the same size, and each its own second. */
export function makeListedItem(number: number): Item {
  return makeItem(number, { name: `item ${String(number).padStart(9, "0")}`, description: "x".repeat(300) });
}

/** Writes the items numbered from `first` up to, not with, `end`. */
export async function fillTable(client: DynamoDBClient, tableName: string, first: number, end: number): Promise<void> {
  let next = first;
  async function write(): Promise<void> {
    while (next < end) {
      const from = next;
      next = Math.min(end, from + BATCH);
      const numbers = Array.from({ length: next - from }, (_, index) => from + index);
      let left = numbers.map((number) => ({ PutRequest: { Item: toRecord(makeListedItem(number)) } }));
      while (left.length > 0) {
        const { UnprocessedItems } = await client.send(
          new BatchWriteItemCommand({ RequestItems: { [tableName]: left } }),
        );
        left = (UnprocessedItems?.[tableName] ?? []) as typeof left;
      }
    }
  }
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, write));
}
