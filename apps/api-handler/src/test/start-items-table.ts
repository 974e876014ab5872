import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CONTROL_PREFIX,
  type FaultRequest,
  type FaultRule,
  ROOT_ACCESS_KEY_ID,
  ROOT_SECRET_ACCESS_KEY,
  startLocalAws,
} from "@slipway/local-aws";
import { temporaryFolder } from "@slipway/testing";
import { CURSOR_KEY } from "./cursor-key.ts";

/** An items table on a local AWS of its own, in this process. */
export interface ItemsTable extends AsyncDisposable {
  tableName: string;
  endpoint: string;
  /** What the function needs in its environment to reach the table, and to start. */
  env: Record<string, string>;
  /** Plants a fault on calls of the table. */
  plant(fault: Omit<FaultRequest, "service">): Promise<FaultRule>;
  /** The faults that are planted now, with how often each has hit; those that are spent are not among them. */
  faults(): Promise<FaultRule[]>;
  /** Takes all faults away. */
  heal(): Promise<void>;
}

/** Starts a local AWS on a free port, with the items table as Terraform makes it. */
export async function startItemsTable(): Promise<ItemsTable> {
  const folder = temporaryFolder();
  const localAws = await startLocalAws({ port: 0, dataDir: folder.path });
  const { endpoint } = localAws;
  const tableName = "items-test";
  const credentials = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };

  const client = new DynamoDBClient({ endpoint, region: "us-east-1", credentials });
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: ["id", "status", "createdAt"].map((name) => ({ AttributeName: name, AttributeType: "S" })),
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
    }),
  );
  client.destroy();

  async function control<Answer>(method: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${endpoint}${CONTROL_PREFIX}faults`, {
      method,
      headers: { "x-slipway-control": "1", "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} faults: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  return {
    tableName,
    endpoint,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      DYNAMODB_TABLE_NAME: tableName,
      CURSOR_KEY,
    },
    plant: (fault) => control("POST", { ...fault, service: "dynamodb" }),
    faults: () => control("GET"),
    heal: async () => void (await control("DELETE")),
    [Symbol.asyncDispose]: async () => {
      await localAws.stop();
      folder[Symbol.dispose]();
    },
  };
}
