import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EnvironmentConfig, SlipwayConfig } from "@slipway/contracts";
import { loadConfig } from "@slipway/release-engine";
import { UserError } from "./user-error.ts";

const FILE = "slipway.config.ts";

/**
 * Loads the nearest slipway.config.ts, from a folder upwards.
 *
 * @throws ReleaseError when there is no such file, or it is not valid
 */
export async function loadConfiguration(
  cwd: string,
  options: Parameters<typeof loadConfig>[1] = {},
): Promise<{ repository: string; config: SlipwayConfig }> {
  let repository = cwd;
  while (!existsSync(join(repository, FILE)) && dirname(repository) !== repository) {
    repository = dirname(repository);
  }
  if (!existsSync(join(repository, FILE))) {
    repository = cwd;
  }
  return { repository, config: await loadConfig(join(repository, FILE), options) };
}

/**
 * Loads the nearest slipway.config.ts, and one of its environments.
 *
 * @throws UserError when the environment is not in it
 * @throws ReleaseError when there is no such file, or it is not valid
 */
export async function loadEnvironment(
  cwd: string,
  name: string,
  options: Parameters<typeof loadConfig>[1] = {},
): Promise<{ repository: string; config: SlipwayConfig; environment: EnvironmentConfig }> {
  const { repository, config } = await loadConfiguration(cwd, options);
  const environment = config.environments[name];
  if (environment === undefined) {
    throw new UserError(
      `environment: there is no '${name}' in ${join(repository, FILE)}. It has ${Object.keys(config.environments).join(", ")}.`,
    );
  }
  return { repository, config, environment };
}
