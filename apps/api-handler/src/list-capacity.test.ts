import { afterEach, expect, it, vi } from "vitest";
import { createDynamoClient } from "./store/create-dynamo-client.ts";
import { fillTable } from "./test/fill-table.ts";
import { measureLists } from "./test/measure-lists.ts";
import { startItemsTable } from "./test/start-items-table.ts";

const FEW = 1_000;
/** list-capacity.soak.test.ts has a million. */
const MANY = 5_000;

afterEach(() => vi.unstubAllEnvs());

it(`reads a page of 50 for the same units among ${FEW} and ${MANY} items, at both ends and in the middle`, async () => {
  await using table = await startItemsTable();
  for (const [name, value] of Object.entries(table.env)) vi.stubEnv(name, value);
  const client = createDynamoClient();

  await fillTable(client, table.tableName, 1, FEW + 1);
  const few = await measureLists(table.tableName, FEW);
  await fillTable(client, table.tableName, FEW + 1, MANY + 1);
  const many = await measureLists(table.tableName, MANY);
  client.destroy();

  expect(many).toEqual(few);
  // 50 items of some 530 bytes are 26 KB: seven steps of 4 KB, half a unit each, in one query that leaves the table alone.
  expect(Object.values(few)).toEqual(Array(6).fill({ items: 50, queries: 1, index: 3.5, table: 0 }));
});
