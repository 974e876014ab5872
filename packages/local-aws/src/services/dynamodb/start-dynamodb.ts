import { type CreateTableCommandInput, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import type { KeyDirectory, MetricDatum, ObjectWriter } from "../../core/ports.ts";
import type { Service } from "../../core/service.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createDynamoDb, type DynamoDb } from "./create-dynamodb.ts";

/** DynamoDB behind the real wire layer, for tests. */
export interface StartedDynamoDb {
  readonly core: TestCore;
  readonly client: DynamoDBClient;
  readonly served: ServedServices;
  readonly dynamodb: DynamoDb;
  /** All metrics that were recorded so far. */
  readonly metrics: MetricDatum[];
  /** Waits until a table is there with all it shall have. */
  active(TableName: string): Promise<void>;
  /** Stops it; what it kept can be looked at then, or `restart` goes on with it. */
  stop(): Promise<void>;
  /** Stops it and starts it anew on the same folder. */
  restart(): Promise<StartedDynamoDb>;
  close(): Promise<void>;
}

/** Starts DynamoDB on a temporary folder; call `close` when done. */
export async function startDynamoDb(
  options: {
    core?: TestCore;
    keys?: KeyDirectory;
    objects?: ObjectWriter;
    /** Services that are served with it. */
    beside?: readonly Service[];
  } = {},
): Promise<StartedDynamoDb> {
  const core = options.core ?? testCore();
  const metrics: MetricDatum[] = [];
  const dynamodb = await createDynamoDb(core, {
    metrics: { record: (data) => void metrics.push(...data) },
    keys: options.keys,
    objects: options.objects,
  });
  const served = await serveServices(core, [dynamodb.service, ...(options.beside ?? [])]);
  const client = new DynamoDBClient({ ...served.client, maxAttempts: 1 });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    client.destroy();
    stopped ??= served.close();
    return stopped;
  };
  return {
    core,
    client,
    served,
    dynamodb,
    metrics,
    active: async (TableName) => {
      await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.02, maxDelay: 0.1 }, { TableName });
    },
    stop,
    restart: async () => {
      await stop();
      return startDynamoDb({ ...options, core });
    },
    close: async () => {
      await stop();
      core.dispose();
    },
  };
}

/** The table of most tests: `id` as its key, an index by `status` and `createdAt`. */
export function itemsTable(TableName: string, more: Partial<CreateTableCommandInput> = {}): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    AttributeDefinitions: [
      { AttributeName: "id", AttributeType: "S" },
      { AttributeName: "status", AttributeType: "S" },
      { AttributeName: "createdAt", AttributeType: "N" },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "status-index",
        KeySchema: [
          { AttributeName: "status", KeyType: "HASH" },
          { AttributeName: "createdAt", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "ALL" },
      },
    ],
    ...more,
  };
}
