import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * A program that set-up ran once to learn its version. Size and time tell whether it is still the same file.
 *
 * @typedef {object} KnownProgram
 * @property {string} path absolute
 * @property {string} version for example `1.11.4`
 * @property {number} size bytes
 * @property {number} mtimeMs
 */

/**
 * What set-up found, for the commands and for the next set-up.
 *
 * @typedef {object} SetupRecord
 * @property {1} schemaVersion
 * @property {KnownProgram} node22 the Lambda runtime's Node
 * @property {KnownProgram} terraform
 * @property {ProviderSource} provider
 * @property {string} at when, in ISO 8601
 */

/**
 * Where `terraform init` gets the AWS provider: from a folder (`-plugin-dir`), or from wherever the user's own Terraform
 * configuration says.
 *
 * @typedef {{ source: "mirror", dir: string, version: string } | { source: "registry", cliConfig: string }} ProviderSource
 */

/** @param {string} root */
export function setupRecordPath(root) {
  return join(root, ".slipway/setup.json");
}

/**
 * @param {string} root the repository's folder
 * @returns {SetupRecord | undefined} undefined where there is none, or one that another version of set-up wrote
 */
export function readSetupRecord(root) {
  try {
    const record = JSON.parse(readFileSync(setupRecordPath(root), "utf8"));
    return record.schemaVersion === 1 ? record : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes the record as a whole or not at all.
 *
 * @param {string} root
 * @param {SetupRecord} record
 */
export function writeSetupRecord(root, record) {
  const path = setupRecordPath(root);
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(temporary, path);
}
