import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The environment that every Terraform child process gets.
 *
 * `TF_CLI_CONFIG_FILE` is left out where it names a file that does not exist: Terraform would warn about it on every
 * single command. Terraform's own version check is switched off, because it asks the network.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Record<string, string>}
 * @see https://developer.hashicorp.com/terraform/cli/config/environment-variables
 */
export function terraformEnv(env) {
  /** @type {Record<string, string>} */
  const result = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) {
      result[name] = value;
    }
  }
  if (missingCliConfig(env) !== undefined) {
    delete result.TF_CLI_CONFIG_FILE;
  }
  return { ...result, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", TF_INPUT: "0" };
}

/**
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {string | undefined} the value of TF_CLI_CONFIG_FILE when no such file exists
 */
export function missingCliConfig(env) {
  const file = env.TF_CLI_CONFIG_FILE;
  return file !== undefined && file !== "" && !existsSync(file) ? file : undefined;
}

/**
 * Whether the user's own Terraform configuration says where providers come from (a company's mirror, for example).
 * Then Slipway leaves the choice to it.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {string | undefined} the configuration file that has a `provider_installation` block
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export function cliConfigWithProviders(env) {
  const named = env.TF_CLI_CONFIG_FILE;
  const file = named !== undefined && named !== "" ? named : join(env.HOME ?? homedir(), ".terraformrc");
  try {
    return /^\s*provider_installation\s*\{/m.test(readFileSync(file, "utf8")) ? file : undefined;
  } catch {
    return undefined;
  }
}
