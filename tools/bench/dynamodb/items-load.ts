import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import type { Cleanup } from "../support/cleanup.ts";
import { credentials, region } from "../support/local-aws-server.ts";
import { runInFlight } from "../support/run-in-flight.ts";
import type { ServerProcess } from "../support/server-process.ts";

/** What one turn of one operation came to. */
export interface LoadResult {
  readonly perSecond: number;
  /** Processor time of the server for one request, in milliseconds. */
  readonly serverCpuMs: number;
}

/** Writes and reads of one turn. */
export interface Turn {
  readonly put: LoadResult;
  readonly get: LoadResult;
}

/** Writes of new items and of the same again in one turn. */
export interface WritingTurn {
  readonly put: LoadResult;
  readonly update: LoadResult;
}

/** Requests in flight, on as many connections that are kept. */
export const inFlight = 16;

const TableName = "bench-items";
const tableTimeoutSeconds = 30;
const createdAt = Date.UTC(2026, 0, 1);

/** PutItem and GetItem through the AWS SDK, against one server. */
export class ItemsLoad {
  readonly #client: DynamoDBClient;
  readonly #server: ServerProcess;

  /** Makes the client and the table. */
  static async open(server: { endpoint: string; process: ServerProcess }, cleanup: Cleanup): Promise<ItemsLoad> {
    const client = new DynamoDBClient({
      ...{ region, credentials, endpoint: server.endpoint },
      requestHandler: { httpAgent: { keepAlive: true, maxSockets: inFlight } },
    });
    cleanup.defer(async () => client.destroy());
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: tableTimeoutSeconds, minDelay: 1 }, { TableName });
    return new ItemsLoad(client, server.process);
  }

  private constructor(client: DynamoDBClient, server: ServerProcess) {
    this.#client = client;
    this.#server = server;
  }

  /** Enables point-in-time recovery of the table. */
  async enableRecovery(): Promise<void> {
    await this.#client.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
  }

  /** Writes new items, then changes each of them once. */
  async writingTurn(round: number, requests: number): Promise<WritingTurn> {
    await this.#reconnect();
    const put = await this.#putItems(round, requests);
    const update = await this.#measure(requests, (number) =>
      this.#client.send(
        new UpdateItemCommand({
          TableName,
          Key: { id: { S: idOf(round, number) } },
          UpdateExpression: "SET #version = :version",
          ExpressionAttributeNames: { "#version": "version" },
          ExpressionAttributeValues: { ":version": { N: "2" } },
        }),
      ),
    );
    return { put, update };
  }

  /** Writes new items, then reads each of them once. */
  async turn(round: number, requests: number): Promise<Turn> {
    await this.#reconnect();
    const put = await this.#putItems(round, requests);
    const get = await this.#measure(requests, async (number) => {
      const { Item } = await this.#client.send(
        new GetItemCommand({ TableName, Key: { id: { S: idOf(round, number) } } }),
      );
      if (Item?.name?.S !== `item ${number}`) {
        throw new Error(`GetItem did not give item ${number} of round ${round} back.`);
      }
    });
    return { put, get };
  }

  #putItems(round: number, requests: number): Promise<LoadResult> {
    return this.#measure(requests, (number) =>
      this.#client.send(new PutItemCommand({ TableName, Item: itemOf(round, number) })),
    );
  }

  /** While the other side had its turn, the server may have closed connections: what that costs must not be measured. */
  async #reconnect(): Promise<void> {
    await runInFlight(4 * inFlight, inFlight, () =>
      this.#client.send(new GetItemCommand({ TableName, Key: { id: { S: "nobody" } } })),
    );
  }

  async #measure(requests: number, task: (number: number) => Promise<unknown>): Promise<LoadResult> {
    const cpuBefore = await this.#server.cpuMs();
    const startedAt = performance.now();
    await runInFlight(requests, inFlight, task);
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuMs = (await this.#server.cpuMs()) - cpuBefore;
    return { perSecond: requests / seconds, serverCpuMs: cpuMs / requests };
  }
}

function idOf(round: number, number: number): string {
  return `0a4f8c1e-5b7d-4e2a-${String(round).padStart(4, "0")}-${String(number).padStart(12, "0")}`;
}

/** An item of the API that is deployed, of 300 bytes as DynamoDB counts them. */
export function itemOf(round: number, number: number) {
  const name = `item ${number}`;
  const time = new Date(createdAt + number * 1000).toISOString();
  return {
    id: { S: idOf(round, number) },
    name: { S: name },
    description: { S: "d".repeat(160 - name.length) },
    status: { S: number % 2 === 0 ? "active" : "closed" },
    createdAt: { S: time },
    updatedAt: { S: time },
    version: { N: "1" },
  };
}
