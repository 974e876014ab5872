import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { createDynamoClient } from "./create-dynamo-client.ts";
import { createDynamoItemStore } from "./create-dynamo-item-store.ts";

const TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

afterEach(() => vi.unstubAllEnvs());

/** Reads an item from a table that records the headers it is asked with. */
async function recordedHeaders(env: Record<string, string>) {
  const recorded: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    recorded.push(request.headers["x-amzn-trace-id"] as string | undefined);
    response.setHeader("Content-Type", "application/x-amz-json-1.0").end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
  const all = { ...credentials, AWS_REGION: "us-east-1", AWS_ENDPOINT_URL: endpoint, ...env };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  const client = createDynamoClient();
  await createDynamoItemStore(client, "items", () => new Date()).get("0f8fad5b-d9cb-469f-a165-70867728950e");
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return recorded;
}

it("hands X-Ray's trace on to DynamoDB when it runs in Lambda", async () => {
  expect(await recordedHeaders({ AWS_LAMBDA_FUNCTION_NAME: "api-handler", _X_AMZN_TRACE_ID: TRACE })).toEqual([TRACE]);
});

it("has no trace to hand on anywhere else", async () => {
  expect(await recordedHeaders({ _X_AMZN_TRACE_ID: TRACE })).toEqual([undefined]);
});
