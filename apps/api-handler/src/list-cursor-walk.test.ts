import { afterAll, beforeAll, it, vi } from "vitest";
import { createDynamoClient } from "./store/create-dynamo-client.ts";
import { createDynamoItemStore } from "./store/create-dynamo-item-store.ts";
import type { ItemStore } from "./store/item-store.ts";
import { expectWalksComplete } from "./test/expect-walks-complete.ts";
import { type ItemsTable, startItemsTable } from "./test/start-items-table.ts";

// A sample; list-cursor-walk.soak.test.ts has more of them.
let table: ItemsTable;
let store: ItemStore;

beforeAll(async () => {
  table = await startItemsTable();
  for (const [name, value] of Object.entries(table.env)) vi.stubEnv(name, value);
  store = createDynamoItemStore(createDynamoClient(), table.tableName, () => new Date());
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await table?.[Symbol.asyncDispose]();
});

it("shows exactly once what is there all the time, whatever comes and goes between the pages", async () => {
  await expectWalksComplete(store, 15);
});
