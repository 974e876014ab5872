import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Cleanup } from "../support/cleanup.ts";
import { createItemsTable } from "../support/create-items-table.ts";
import { startLocalAws } from "../support/local-aws-server.ts";
import type { Bundle } from "./build-sides.ts";
import { HandlerProcess } from "./handler-process.ts";
import { logDifferences } from "./log-differences.ts";
import { runScenario } from "./scenario.ts";
import { type ApiName, apiNames, type SideName, titles } from "./sides.ts";

/**
 * Runs the scenario against every API, each with a table of its own in a local AWS: what is compared must do the same work, down to the
 * log line and the metrics of each request.
 *
 * @returns what each API answered that the contract does not say, and what it did not log
 */
export async function checkSides(
  bundles: Readonly<Record<SideName, Bundle>>,
  signal: AbortSignal,
): Promise<Readonly<Record<ApiName, readonly string[]>>> {
  const cleanup = new Cleanup();
  try {
    const localAws = await startLocalAws(await cleanup.temporaryFolder("local-aws"), cleanup, signal);
    const client = new DynamoDBClient(localAws.client);
    cleanup.defer(async () => client.destroy());
    const checked = await Promise.all(
      apiNames.map(async (name) => {
        const tableName = `items-${name}`;
        await createItemsTable(client, tableName);
        const { endpoint } = localAws;
        const process = new HandlerProcess(bundles[name].path, { endpoint, tableName }, cleanup, signal, true);
        let requests = 0;
        const findings = await runScenario((call) => {
          requests += 1;
          return process.call(call);
        });
        const unlogged = await settled(() => logDifferences(process.log, requests));
        return [name, [...findings, ...unlogged].map((finding) => `${titles[name]}: ${finding}`)] as const;
      }),
    );
    return Object.fromEntries(checked) as Record<ApiName, string[]>;
  } finally {
    await cleanup.run();
  }
}

/** The last lines of a log come a moment after the last answer. */
async function settled(differences: () => string[]): Promise<string[]> {
  for (let tries = 0; tries < 50 && differences().length > 0; tries++) {
    await sleep(20);
  }
  return differences();
}
