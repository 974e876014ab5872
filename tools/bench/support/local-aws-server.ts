import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import type { Cleanup } from "./cleanup.ts";
import { freePort } from "./free-port.ts";
import { slipwayProgram } from "./repository.ts";
import { ServerProcess } from "./server-process.ts";

/** What AWS SDK clients are made with. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Region that every benchmark plays in. */
export const region = "us-east-1";

/** Credentials of local AWS's root user; dynalite takes any. */
export const credentials = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };

/** A local AWS in a process of its own. */
export interface LocalAwsServer {
  readonly endpoint: string;
  readonly client: ClientSettings;
  readonly process: ServerProcess;
}

/**
 * Starts local AWS on a free port, as people type it: `slipway local start --foreground`.
 *
 * @param cleanup - stops it at the end, should it still run
 * @throws Error with what it said, when it does not start
 */
export async function startLocalAws(dataDir: string, cleanup: Cleanup, signal: AbortSignal): Promise<LocalAwsServer> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = await ServerProcess.start({
    name: "local AWS",
    args: [slipwayProgram, "local", "start", "--foreground", "--port", String(port), "--data-dir", dataDir],
    readyUrl: `${endpoint}/_slipway/health`,
    signal,
  });
  cleanup.defer(() => server.stop());
  return { endpoint, client: { region, endpoint, credentials }, process: server };
}
