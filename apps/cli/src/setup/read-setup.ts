import { SetupError } from "../../../../scripts/setup/setup-error.mjs";
import { readSetupRecord, type SetupRecord } from "../../../../scripts/setup/setup-record.mjs";
import { repositoryRoot } from "./repository-root.ts";

/**
 * Reads what set-up found: the Lambda runtime's Node, Terraform, and where the AWS provider comes from.
 *
 * @param root the clone's folder
 * @throws {SetupError} when set-up has not run here yet; the message says what to type
 */
export function readSetup(root: string = repositoryRoot): SetupRecord {
  const record = readSetupRecord(root);
  if (record === undefined) {
    throw new SetupError({
      what: "Slipway is not set up in this clone",
      why: `${root}/.slipway/setup.json does not exist, or another version wrote it`,
      next: "npm run setup",
    });
  }
  return record;
}
