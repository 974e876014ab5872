import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { itemOf } from "../dynamodb/items-load.ts";
import { SequentialGets } from "../invoke/sequential-gets.ts";
import { Cleanup } from "../support/cleanup.ts";
import { createItemsTable } from "../support/create-items-table.ts";
import { deployFunctionApi } from "../support/deploy-function-api.ts";
import { startLocalAws } from "../support/local-aws-server.ts";
import { runInFlight } from "../support/run-in-flight.ts";

/** What a data folder is filled with. */
export interface Filling {
  readonly items: number;
  readonly invocations: number;
}

const TableName = "bench-items";

/**
 * Runs a local AWS on a folder for a while: a table with an index and items, a function behind an API, and calls of it, which
 * leave logs and metrics.
 *
 * @param helloFolder - the function's folder
 */
export async function fillDataFolder(
  dataDir: string,
  helloFolder: string,
  { items, invocations }: Filling,
  signal: AbortSignal,
): Promise<void> {
  const cleanup = new Cleanup();
  try {
    const localAws = await startLocalAws(dataDir, cleanup, signal);
    const client = new DynamoDBClient(localAws.client);
    cleanup.defer(async () => client.destroy());
    await createItemsTable(client, TableName);
    await runInFlight(items, 16, (number) => client.send(new PutItemCommand({ TableName, Item: itemOf(0, number) })));
    const api = new SequentialGets(await deployFunctionApi(helloFolder, localAws.client));
    cleanup.defer(async () => api.close());
    await api.medianMs(invocations);
  } finally {
    await cleanup.run();
  }
}
