import { vi } from "vitest";
import { createDynamoClient } from "../store/create-dynamo-client.ts";
import { createDynamoItemStore } from "../store/create-dynamo-item-store.ts";
import type { TableRecord } from "../store/item-record.ts";
import { readWholeTable } from "./read-whole-table.ts";
import { startHttpApi } from "./start-http-api.ts";
import { type ItemsTable, startItemsTable } from "./start-items-table.ts";

/** As many requests at once as a small burst would start execution environments for. */
const ENVIRONMENTS = 16;

/** The API over HTTP, with a real store on a table that faults can be planted on. */
export interface FaultyApi extends AsyncDisposable {
  origin: string;
  table: ItemsTable;
  /** What the table holds; faults are to be taken away before. */
  records(): Promise<TableRecord[]>;
}

/** Starts it; the environment variables that it needs are set until it is disposed of. */
export async function startFaultyApi(): Promise<FaultyApi> {
  const table = await startItemsTable();
  for (const [name, value] of Object.entries(table.env)) vi.stubEnv(name, value);
  const clients = Array.from({ length: ENVIRONMENTS }, createDynamoClient);
  const api = await startHttpApi(
    clients.map((client) => createDynamoItemStore(client, table.tableName, () => new Date())),
  );
  return {
    origin: api.origin,
    table,
    records: () => readWholeTable(clients[0] ?? createDynamoClient(), table.tableName),
    [Symbol.asyncDispose]: async () => {
      await api[Symbol.asyncDispose]();
      for (const client of clients) client.destroy();
      vi.unstubAllEnvs();
      await table[Symbol.asyncDispose]();
    },
  };
}
