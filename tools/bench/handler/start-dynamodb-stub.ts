import { join } from "node:path";
import type { Cleanup } from "../support/cleanup.ts";
import { freePort } from "../support/free-port.ts";
import { ServerProcess } from "../support/server-process.ts";

/**
 * Starts the stub of DynamoDB in a process of its own, so that its work is not measured.
 *
 * @param cleanup - stops it at the end
 * @returns its endpoint
 */
export async function startDynamodbStub(cleanup: Cleanup, signal: AbortSignal): Promise<string> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const args = [join(import.meta.dirname, "dynamodb-stub.ts"), String(port)];
  const server = await ServerProcess.start({ name: "the DynamoDB stub", args, readyUrl: endpoint, signal });
  cleanup.defer(() => server.stop());
  return endpoint;
}
