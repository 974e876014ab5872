import { join, resolve } from "node:path";
import { DEFAULT_PORT, DEFAULT_REGION, type LocalAwsOptions } from "@slipway/local-aws";
import { repositoryRoot } from "../setup/repository-root.ts";
import { UserError } from "../user-error.ts";

/** Options of every `slipway local` command. */
export interface LocalOptions {
  readonly port?: string;
  readonly dataDir?: string;
  readonly region?: string;
  readonly output?: "text" | "json";
}

export const PORT_OPTION = {
  flags: "--port <n>",
  description: `port on 127.0.0.1 (default: SLIPWAY_LOCAL_PORT, or ${DEFAULT_PORT})`,
} as const;

export const DATA_DIR_OPTION = {
  flags: "--data-dir <dir>",
  description: "folder that keeps the state (default: .slipway/local-PORT)",
} as const;

export const REGION_OPTION = {
  flags: "--region <region>",
  description: "Region to play",
  default: DEFAULT_REGION,
} as const;

/**
 * The port that is meant: `--port`, else SLIPWAY_LOCAL_PORT, else AWS tools' usual 4566.
 *
 * @throws UserError when it is no port
 */
export function portOf(options: LocalOptions, env: NodeJS.ProcessEnv): number {
  const [source, text] =
    options.port !== undefined ? ["--port", options.port] : ["SLIPWAY_LOCAL_PORT", env.SLIPWAY_LOCAL_PORT ?? ""];
  if (text === "") {
    return DEFAULT_PORT;
  }
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new UserError(`${source}: '${text}' is no port. Give a number from 1 to 65535.`);
  }
  return port;
}

/** The flag that leads commands to a port, with a space before it; nothing for the port that they take anyway. */
export function portFlag(port: number): string {
  return port === DEFAULT_PORT ? "" : ` --port ${port}`;
}

/**
 * How a local AWS is to be started for these options: each port has a data folder of its own unless one is named.
 *
 * @throws UserError when `--data-dir` is empty, as it is when a shell's variable is not set
 */
export function localAwsOptions(
  options: LocalOptions,
  env: NodeJS.ProcessEnv,
  cwd: string,
): Pick<LocalAwsOptions, "port" | "dataDir" | "region"> {
  const port = portOf(options, env);
  if (options.dataDir?.trim() === "") {
    throw new UserError("--data-dir: is empty. Name a folder, or leave the flag out.");
  }
  return {
    port,
    dataDir:
      options.dataDir === undefined ? join(repositoryRoot, ".slipway", `local-${port}`) : resolve(cwd, options.dataDir),
    region: options.region ?? DEFAULT_REGION,
  };
}
