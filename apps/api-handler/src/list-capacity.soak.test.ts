import { afterEach, expect, it, vi } from "vitest";
import { createDynamoClient } from "./store/create-dynamo-client.ts";
import { fillTable } from "./test/fill-table.ts";
import { measureLists } from "./test/measure-lists.ts";
import { startItemsTable } from "./test/start-items-table.ts";

const FEW = 1_000;
const MANY = 1_000_000;

afterEach(() => vi.unstubAllEnvs());

it("reads a page of 50 for the same units among 1,000 and 1,000,000 items", async () => {
  await using table = await startItemsTable();
  for (const [name, value] of Object.entries(table.env)) vi.stubEnv(name, value);
  const client = createDynamoClient();

  await fillTable(client, table.tableName, 1, FEW + 1);
  const few = await measureLists(table.tableName, FEW);
  const startedAt = performance.now();
  await fillTable(client, table.tableName, FEW + 1, MANY + 1);
  const filledIn = Math.round((performance.now() - startedAt) / 1000);
  const many = await measureLists(table.tableName, MANY);
  client.destroy();
  console.log(JSON.stringify({ filledInSeconds: filledIn, few, many }));

  expect(many).toEqual(few);
  expect(Object.values(few)).toEqual(Array(6).fill({ items: 50, queries: 1, index: 3.5, table: 0 }));
});
