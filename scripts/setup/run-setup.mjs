/** @import { Progress } from "./progress.mjs" */
/** @import { KnownProgram, ProviderSource, SetupRecord } from "./setup-record.mjs" */
import { join } from "node:path";
import { findDependencies, installDependencies, stampDependencies } from "./dependencies.mjs";
import { fetchProvider } from "./fetch-provider.mjs";
import { fetchTerraform } from "./fetch-terraform.mjs";
import { orThrow } from "./finding.mjs";
import { findProvider, providerFromCliConfig } from "./provider.mjs";
import { findRuntimeNode, rebuildRuntimeNode } from "./runtime-node.mjs";
import { SetupError } from "./setup-error.mjs";
import { readSetupRecord, writeSetupRecord } from "./setup-record.mjs";
import { findTerraform } from "./terraform.mjs";
import { withLock } from "./with-lock.mjs";

/**
 * What is there after set-up. Terraform and the provider are undefined only where they were not asked for.
 *
 * @typedef {{ node22: KnownProgram, terraform?: KnownProgram, provider?: ProviderSource }} Ready
 */

/**
 * @typedef {object} Context
 * @property {string} root the repository's folder
 * @property {NodeJS.ProcessEnv} env
 * @property {Progress} progress
 * @property {boolean} withTerraform whether Terraform and the AWS provider are needed as well
 */

/**
 * Makes the clone ready: dependencies, the Lambda runtime's Node, Terraform, the AWS provider. Does only what is not
 * done yet; where all is there it starts no process and takes no lock. What was found is written to
 * .slipway/setup.json.
 *
 * @param {Context} context
 * @returns {Promise<Ready>}
 * @throws {SetupError} the first thing that is missing and cannot be fetched
 */
export async function runSetup(context) {
  if (process.platform === "win32") {
    throw new SetupError({
      what: "Slipway does not run on Windows itself",
      why: "local AWS and the tests need POSIX processes and signals",
      next: "use the Windows Subsystem for Linux: wsl --install, and clone the repository in there",
    });
  }
  const ready = await lookUp(context);
  if (ready !== undefined) {
    return ready;
  }
  return withLock(join(context.root, ".slipway/setup.lock"), () => complete(context), {
    onWait: (holder) => context.progress.note("waiting", `another set-up is at work in this folder (${holder})`),
  });
}

/**
 * @param {Context} context
 * @returns {Promise<Ready | undefined>} undefined where anything is left to do
 */
async function lookUp({ root, env, withTerraform }) {
  const known = readSetupRecord(root);
  const dependencies = findDependencies(root);
  if (!dependencies.ok || !dependencies.value.stamped) {
    return undefined;
  }
  const node22 = await findRuntimeNode({ root, known: known?.node22 });
  if (!node22.ok) {
    return undefined;
  }
  if (!withTerraform) {
    return { node22: node22.value };
  }
  const terraform = await findTerraform({ root, env, known: known?.terraform });
  const provider = knownProvider({ root, env });
  if (!terraform.ok || provider === undefined) {
    return undefined;
  }
  return remember(root, { node22: node22.value, terraform: terraform.value, provider });
}

/**
 * @param {Context} context
 * @returns {Promise<Ready>}
 */
async function complete(context) {
  const node22 = await completeNode(context);
  if (!context.withTerraform) {
    return { node22 };
  }
  const terraform = await completeTerraform(context, node22);
  const provider = await completeProvider(context, terraform);
  return remember(context.root, { node22, terraform, provider });
}

/**
 * @param {Context} context
 * @returns {Promise<KnownProgram>}
 */
async function completeNode({ root, env, progress }) {
  const dependencies = findDependencies(root);
  if (!dependencies.ok) {
    progress.note("dependencies", `${dependencies.problem.what}: ${dependencies.problem.why}`);
    await installDependencies({ root, env, progress });
  } else if (!dependencies.value.stamped) {
    stampDependencies(root);
  }
  const node22 = await findRuntimeNode({ root, known: readSetupRecord(root)?.node22 });
  if (node22.ok) {
    return node22.value;
  }
  progress.note("Node", `${node22.problem.what}: ${node22.problem.why}`);
  await rebuildRuntimeNode({ root, env, progress });
  return orThrow(await findRuntimeNode({ root }));
}

/**
 * @param {Context} context
 * @param {KnownProgram} node22
 * @returns {Promise<KnownProgram>}
 */
async function completeTerraform({ root, env, progress }, node22) {
  const terraform = await findTerraform({ root, env, known: readSetupRecord(root)?.terraform });
  if (terraform.ok || !terraform.mayFetch) {
    return orThrow(terraform);
  }
  progress.note("Terraform", `${terraform.problem.what}: ${terraform.problem.why}`);
  await fetchTerraform({ root, env, node: node22.path, progress, because: terraform.problem });
  return orThrow(await findTerraform({ root, env }));
}

/**
 * @param {Context} context
 * @param {KnownProgram} terraform
 * @returns {Promise<ProviderSource>}
 */
async function completeProvider({ root, env, progress }, terraform) {
  const known = knownProvider({ root, env });
  if (known !== undefined) {
    return known;
  }
  const provider = findProvider({ root, env });
  if (!provider.ok && provider.mayFetch) {
    await fetchProvider({ root, env, terraform: terraform.path, progress, because: provider.problem });
    return orThrow(findProvider({ root, env }));
  }
  return orThrow(provider);
}

/**
 * @param {{ root: string, env: NodeJS.ProcessEnv }} context
 * @returns {ProviderSource | undefined} undefined where it has to be fetched, or the named mirror will not do
 */
function knownProvider({ root, env }) {
  const provider = findProvider({ root, env });
  if (provider.ok) {
    return provider.value;
  }
  return provider.mayFetch ? providerFromCliConfig(env) : undefined;
}

/**
 * Writes the record where it says something new.
 *
 * @param {string} root
 * @param {Required<Ready>} ready
 * @returns {SetupRecord}
 */
function remember(root, { node22, terraform, provider }) {
  const earlier = readSetupRecord(root);
  const parts = { node22, terraform, provider };
  if (earlier !== undefined) {
    const { schemaVersion: _version, at: _at, ...rest } = earlier;
    if (JSON.stringify(rest) === JSON.stringify(parts)) {
      return earlier;
    }
  }
  /** @type {SetupRecord} */
  const record = { schemaVersion: 1, ...parts, at: new Date().toISOString() };
  writeSetupRecord(root, record);
  return record;
}
