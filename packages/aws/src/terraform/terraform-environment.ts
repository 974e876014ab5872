import { existsSync } from "node:fs";

/**
 * What would change what a command does behind our back: other arguments, another workspace's state, another place for
 * what `init` wrote.
 */
const forbidden = /^TF_(CLI_ARGS.*|WORKSPACE|DATA_DIR)$/;

/**
 * The environment of every Terraform child process.
 *
 * `TF_CLI_CONFIG_FILE` is left out where it names a file that does not exist: Terraform would warn about it on every
 * command. Terraform's own version check is off, because it asks the network.
 *
 * @param pluginCacheDir where Terraform keeps providers that it downloads, shared by all folders
 * @see https://developer.hashicorp.com/terraform/cli/config/environment-variables
 */
export function terraformEnvironment(env: NodeJS.ProcessEnv, pluginCacheDir?: string): NodeJS.ProcessEnv {
  const result: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(env)) {
    const isMissingFile = name === "TF_CLI_CONFIG_FILE" && value !== undefined && !existsSync(value);
    if (!forbidden.test(name) && !isMissingFile) {
      result[name] = value;
    }
  }
  return {
    ...result,
    ...(pluginCacheDir === undefined ? {} : { TF_PLUGIN_CACHE_DIR: pluginCacheDir }),
    // The AWS provider makes much and keeps little: collecting garbage less often takes a quarter off its processor time.
    GOGC: env.GOGC === undefined || env.GOGC === "" ? "400" : env.GOGC,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
  };
}
