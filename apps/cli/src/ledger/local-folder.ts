import { join } from "node:path";
import type { TargetAws } from "../target/target-aws.ts";

/** Where this machine keeps what belongs to the ledgers of one AWS: local AWS and AWS must not be taken for each other. */
export function localLedgerFolder(repository: string, target: Pick<TargetAws, "isLocal" | "endpoint">): string {
  const { isLocal, endpoint } = target;
  const host = endpoint === undefined ? "aws" : new URL(endpoint).host.replaceAll(/[^a-zA-Z0-9.-]/g, "-");
  return join(repository, ".slipway", "ledger", isLocal ? `local-${host}` : host);
}
