import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServiceCoverage, startLocalAws } from "@slipway/local-aws";
import { ControlClient } from "../src/local/control-client.ts";

/** Asks a local AWS of its own, which it throws away, what it has. */
export async function readCoverage(): Promise<readonly ServiceCoverage[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "slipway-docs-"));
  const localAws = await startLocalAws({ port: 0, dataDir });
  try {
    return await new ControlClient(localAws.port).call<ServiceCoverage[]>("GET", "coverage");
  } finally {
    await localAws.stop();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
