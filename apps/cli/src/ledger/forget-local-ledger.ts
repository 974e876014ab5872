import { rm } from "node:fs/promises";
import { localLedgerFolder } from "./local-folder.ts";

/** Removes what this machine keeps of the ledgers of a local AWS that is gone for good, and whose port another may get. */
export async function forgetLocalLedger(repository: string, endpoint: string): Promise<void> {
  await rm(localLedgerFolder(repository, { isLocal: true, endpoint }), { recursive: true, force: true });
}
