import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalAws, startLocalAws } from "@slipway/local-aws";
import { runSlipway, type Said } from "./run-slipway.ts";

/** A local AWS in this process, and the command line pointed at it. */
export interface LocalAwsFixture {
  readonly localAws: LocalAws;
  readonly dataDir: string;
  /** Runs `slipway local WORDS... --port N`. */
  local(...words: readonly string[]): Promise<Said>;
  close(): Promise<void>;
}

/** Starts a {@link LocalAwsFixture} on a free port with a temporary folder. */
export async function localAwsFixture(): Promise<LocalAwsFixture> {
  const dataDir = mkdtempSync(join(tmpdir(), "slipway-cli-"));
  const localAws = await startLocalAws({ port: 0, dataDir });
  return {
    localAws,
    dataDir,
    local: (...words) => runSlipway(["local", ...words, "--port", String(localAws.port)]),
    async close() {
      await localAws.stop();
      // A function or a Terraform that was ended writes its last a moment later.
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** A port on loopback that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
