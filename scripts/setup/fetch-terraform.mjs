/** @import { Problem } from "./setup-error.mjs" */
/** @import { Progress } from "./progress.mjs" */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { downloadFile } from "./download-file.mjs";
import { goPlatform } from "./go-platform.mjs";
import { SetupError } from "./setup-error.mjs";
import { fetchedTerraformPath } from "./terraform.mjs";
import { unzip } from "./unzip.mjs";
import { fetchedTerraform, minimumTerraform } from "./versions.mjs";

const officialReleases = "https://releases.hashicorp.com";

/**
 * Fetches the official Terraform release, checks it against the release's SHA256SUMS, and puts it into .slipway/bin.
 * The executable appears there whole or not at all.
 *
 * `SLIPWAY_TERRAFORM_RELEASES` names another server with the same layout (a company's mirror).
 *
 * @param {object} context
 * @param {string} context.root
 * @param {NodeJS.ProcessEnv} context.env
 * @param {string} context.node the Node 22 that downloads
 * @param {Progress} context.progress
 * @param {Problem} context.because why the machine's own Terraform will not do
 * @returns {Promise<void>}
 * @throws {SetupError} when the server cannot be reached, or what it sends is not what it promises
 */
export async function fetchTerraform({ root, env, node, progress, because }) {
  const version = fetchedTerraform;
  const server = (env.SLIPWAY_TERRAFORM_RELEASES || officialReleases).replace(/\/+$/, "");
  const archive = `terraform_${version}_${goPlatform()}.zip`;
  const sums = `terraform_${version}_SHA256SUMS`;
  const target = fetchedTerraformPath(root);
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), "fetch-"));
  // Ctrl-C ends the process through its exit handlers; nothing half-done may stay behind.
  const cleanUp = () => rmSync(work, { recursive: true, force: true });
  process.once("exit", cleanUp);
  try {
    await progress.step("Terraform", `fetching ${server}/terraform/${version}/${archive}`, async () => {
      const sumsUrl = `${server}/terraform/${version}/${sums}`;
      const archiveUrl = `${server}/terraform/${version}/${archive}`;
      await download(sumsUrl, join(work, sums), { node, env }, because);
      const wanted = checksumOf(readFileSync(join(work, sums), "utf8"), archive);
      if (wanted === undefined) {
        throw new SetupError({
          what: `Terraform ${version} is not released for this machine`,
          why: `${sumsUrl} does not list ${archive}`,
          next: `install Terraform ${minimumTerraform} or newer by hand, and set SLIPWAY_TERRAFORM to its path`,
        });
      }
      const got = await download(archiveUrl, join(work, archive), { node, env }, because);
      if (got !== wanted) {
        throw new SetupError({
          what: "The downloaded Terraform is not the released one",
          why: `${archiveUrl} has SHA-256 ${got}, its SHA256SUMS says ${wanted}; it was thrown away`,
          next: "npm start again; if it stays so, something between you and the server changes downloads",
        });
      }
      await unzip(join(work, archive), join(work, "content"));
      chmodSync(join(work, "content/terraform"), 0o755);
      renameSync(join(work, "content/terraform"), target);
    });
  } finally {
    process.off("exit", cleanUp);
    cleanUp();
  }
}

/**
 * @param {string} sums the text of a SHA256SUMS file: lines of `<hex>  <file name>`
 * @param {string} name
 * @returns {string | undefined}
 */
export function checksumOf(sums, name) {
  for (const line of sums.split("\n")) {
    const [hex, file] = line.trim().split(/\s+\*?/);
    if (file === name && hex !== undefined && /^[0-9a-f]{64}$/.test(hex)) {
      return hex;
    }
  }
  return undefined;
}

/**
 * @param {string} url
 * @param {string} target
 * @param {{ node: string, env: NodeJS.ProcessEnv }} context
 * @param {Problem} because
 */
async function download(url, target, context, because) {
  try {
    return await downloadFile(url, target, context);
  } catch (error) {
    throw new SetupError(
      {
        what: `${because.what}, and the official release cannot be fetched`,
        why: `${because.why}; ${url}: ${error instanceof Error ? error.message : String(error)}`,
        next:
          `check the network or HTTPS_PROXY, then npm start; or install Terraform ${minimumTerraform} or newer by hand ` +
          "and put it on the PATH, or set SLIPWAY_TERRAFORM to its path",
      },
      { cause: error },
    );
  }
}
