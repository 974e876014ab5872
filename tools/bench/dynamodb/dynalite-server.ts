import { createRequire } from "node:module";
import { join } from "node:path";
import type { Cleanup } from "../support/cleanup.ts";
import { freePort } from "../support/free-port.ts";
import { repositoryRoot } from "../support/repository.ts";
import { ServerProcess } from "../support/server-process.ts";

/**
 * Starts dynalite's own HTTP server on a folder: the very copy that local AWS takes its parts from.
 *
 * @param cleanup - stops it at the end
 * @throws Error with what it said, when it does not start
 */
export async function startDynalite(
  folder: string,
  cleanup: Cleanup,
  signal: AbortSignal,
): Promise<{ endpoint: string; process: ServerProcess }> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const localAws = createRequire(join(repositoryRoot, "packages/local-aws/package.json"));
  const server = await ServerProcess.start({
    name: "dynalite",
    args: [
      localAws.resolve("dynalite/cli.js"),
      ...["--host", "127.0.0.1", "--port", String(port), "--path", folder, "--createTableMs", "0"],
    ],
    readyUrl: endpoint,
    signal,
  });
  cleanup.defer(() => server.stop());
  return { endpoint, process: server };
}
