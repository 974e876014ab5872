import type { DynamoDBClient, QueryCommandInput, QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import { createDynamoClient } from "../store/create-dynamo-client.ts";
import { createDynamoItemStore } from "../store/create-dynamo-item-store.ts";
import type { ListPosition } from "../store/item-store.ts";
import { makeListedItem } from "./fill-table.ts";

/** What one page has cost. */
export interface PageCost {
  items: number;
  /** Calls of the table. */
  queries: number;
  /** Read units that the index has counted. */
  index: number;
  /** Read units that the table itself has counted: none, when the index has all that the page shows. */
  table: number;
}

/**
 * Reads pages of 50 items at both ends and in the middle of a list of `count` items, in both orders, and tells what the handler's own
 * queries consumed by DynamoDB's count.
 */
export async function measureLists(tableName: string, count: number): Promise<Record<string, PageCost>> {
  const client = createDynamoClient();
  const consumed = countCapacity(client);
  const store = createDynamoItemStore(client, tableName, () => new Date());
  const placeOf = (number: number): ListPosition => makeListedItem(number);
  const costs: Record<string, PageCost> = {};
  for (const order of ["newest", "oldest"] as const) {
    const deep = order === "newest" ? 51 : count - 50;
    const pages = { first: undefined, middle: placeOf(Math.floor(count / 2)), last: placeOf(deep) };
    for (const [name, after] of Object.entries(pages)) {
      consumed.length = 0;
      const { items } = await store.list({ status: "active", order, limit: 50, after });
      costs[`${order}, ${name}`] = {
        items: items.length,
        queries: consumed.length,
        index: sum(consumed.map(({ index }) => index)),
        table: sum(consumed.map(({ table }) => table)),
      };
    }
  }
  client.destroy();
  return costs;
}

/** Has every query of a client tell what it consumed. */
function countCapacity(client: DynamoDBClient): { index: number; table: number }[] {
  const consumed: { index: number; table: number }[] = [];
  client.middlewareStack.add(
    (next) => async (call) => {
      (call.input as QueryCommandInput).ReturnConsumedCapacity = "INDEXES";
      const result = await next(call);
      const { ConsumedCapacity } = result.output as QueryCommandOutput;
      const indexes = Object.values(ConsumedCapacity?.GlobalSecondaryIndexes ?? {});
      consumed.push({
        index: sum(indexes.map(({ CapacityUnits = 0 }) => CapacityUnits)),
        table: ConsumedCapacity?.Table?.CapacityUnits ?? 0,
      });
      return result;
    },
    { step: "initialize", name: "countCapacity" },
  );
  return consumed;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
