import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Json } from "@slipway/contracts";

/** Terraform reads it by itself; it belongs into a commit, unlike the values of one organisation. */
export const RESTORED_TABLE_FILE = "restored-table.auto.tfvars.json";

/**
 * Writes down which table is in use, where Terraform finds it and people can commit it.
 *
 * @param value null takes the file away: the table that the code itself names is in use
 * @returns its path
 */
export async function restoredTableFile(folder: string, variable: string, value: Json | null): Promise<string> {
  const path = join(folder, RESTORED_TABLE_FILE);
  await (value === null
    ? rm(path, { force: true })
    : writeFile(path, `${JSON.stringify({ [variable]: value }, null, 2)}\n`));
  return path;
}
