import { mustRun } from "./run-program.ts";

const VARIABLES = ["NODE_EXTRA_CA_CERTS", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];

/**
 * How this machine reaches a registry, and what it has fetched from there for others: for who has a home of its own, and nothing in it.
 */
export async function networkEnvironment(): Promise<NodeJS.ProcessEnv> {
  const npm = async (setting: string) => (await mustRun("npm", ["config", "get", setting])).stdout.trim();
  return {
    ...Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]])),
    npm_config_userconfig: await npm("userconfig"),
    npm_config_cache: await npm("cache"),
  };
}
