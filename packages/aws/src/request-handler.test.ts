import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAwsClients } from "./create-aws-clients.ts";
import { translateScanError } from "./inventory/translate-scan-error.ts";
import { createLiveClients } from "./live-checks/live-clients.ts";
import { createCloudWatchClient } from "./monitoring/create-cloudwatch-client.ts";
import { requestHandler } from "./request-handler.ts";
import { translateAwsError } from "./translate-aws-error.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };

/** Takes every request and answers none. */
let silent: Server;
let client: { readonly region: string; readonly endpoint: string; readonly credentials: typeof credentials };

beforeAll(async () => {
  silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  client = { region: "us-east-1", endpoint: `http://127.0.0.1:${port}`, credentials };
});

afterAll(() => {
  silent.closeAllConnections();
  silent.close();
});

/** What the SDK's own handler has made of its settings. */
async function configOf({ config }: { config: { requestHandler: unknown } }) {
  const handler = config.requestHandler as { configProvider: Promise<Record<string, unknown>> };
  return await handler.configProvider;
}

describe("requestHandler", () => {
  it("turns a server that never answers into an error, which is called unreachable", async () => {
    const { DynamoDBClient } = await import("@aws-sdk/client-dynamodb");
    const dynamodb = new DynamoDBClient({
      ...client,
      maxAttempts: 1,
      requestHandler: requestHandler({ requestTimeout: 200 }),
    });
    const began = performance.now();
    const error = await dynamodb.send(new ListTablesCommand({}), { abortSignal: AbortSignal.timeout(5_000) }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    dynamodb.destroy();
    expect(performance.now() - began).toBeLessThan(4_000);
    const call = { action: "dynamodb:ListTables", subject: "the tables" };
    expect(translateAwsError(error, call)).toMatchObject({ kind: "unreachable" });
    expect(translateScanError(error, call)).toMatchObject({ kind: "unreachable" });
  });

  it("is what the clients of a release, of live checks and of CloudWatch have", async () => {
    const clients = createAwsClients(client);
    const live = createLiveClients(client);
    const cloudwatch = createCloudWatchClient(client);
    const { destroy, ...all } = clients;
    for (const each of [...Object.values(all), ...Object.values(live), cloudwatch]) {
      const { throwOnRequestTimeout, requestTimeout } = await configOf(each);
      expect(throwOnRequestTimeout).toBe(true);
      expect(requestTimeout).toBeGreaterThanOrEqual(30_000);
      each.destroy();
    }
    destroy();
  });
});
