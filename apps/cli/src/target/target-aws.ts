import type { CostReport } from "@slipway/contracts";
import type { CommandIo, CommandOption } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { PORT_OPTION, portFlag, portOf } from "../local/local-instance.ts";
import { UserError } from "../user-error.ts";
import { localEnvironment } from "./local-environment.ts";

/** The AWS that a command works on. */
export interface TargetAws {
  /** As messages and reports call it: `AWS`, `local AWS at http://127.0.0.1:4566`. */
  readonly label: string;
  readonly isLocal: boolean;
  /** The flags that lead here, as commands to type next must have them: empty, or with a space before each. */
  readonly flags: string;
  readonly region: string;
  /** URL of another AWS than the real one. */
  readonly endpoint?: string;
  /** Absent where the SDK shall look where it always does: environment, profile, role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Environment for child processes such as Terraform. */
  readonly env: NodeJS.ProcessEnv;
  /** Data folder of the local AWS that is meant. */
  readonly localDataDir?: string;
}

/** Options of commands that work on AWS or on local AWS. */
export interface TargetOptions {
  readonly local?: boolean;
  readonly port?: string;
}

export const TARGET_OPTIONS: readonly CommandOption[] = [
  { flags: "--local", description: "work on the local AWS that runs on this machine, not on AWS" },
  PORT_OPTION,
];

/**
 * The AWS that is meant: with `--local` (or `--port`) the local AWS that runs, otherwise the one that the environment's
 * credentials and AWS_ENDPOINT_URL lead to, as for AWS CLI.
 *
 * @throws UserError when no local AWS runs on the port
 */
export async function targetAws(
  options: TargetOptions,
  io: Pick<CommandIo, "env">,
  region: string,
): Promise<TargetAws> {
  if (options.local !== true && options.port === undefined) {
    const endpoint = io.env.AWS_ENDPOINT_URL;
    if (endpoint === undefined || endpoint === "") {
      return { label: "AWS", isLocal: false, flags: "", region, env: io.env };
    }
    if (!URL.canParse(endpoint)) {
      throw new UserError(`AWS_ENDPOINT_URL: '${endpoint}' is no URL. Unset it to work on AWS.`);
    }
    return { label: `the AWS at ${endpoint}`, isLocal: false, flags: "", region, endpoint, env: io.env };
  }
  const port = portOf(options, io.env);
  const health = await new ControlClient(port).health();
  if (health === undefined) {
    throw new UserError(
      `No local AWS answers on port ${port}. Start and fill it with \`slipway rehearse${portFlag(port)}\`, or leave --local and --port out to work on AWS.`,
    );
  }
  if (health.region !== region) {
    throw new UserError(
      `The local AWS on port ${port} plays the Region ${health.region}, and slipway.config.ts says ${region}. Stop it with \`slipway local stop${portFlag(port)}\`, or choose another --port N.`,
    );
  }
  const variables = localEnvironment(health.endpoint, region);
  return {
    label: `local AWS at ${health.endpoint}`,
    isLocal: true,
    flags: `${options.local === true ? " --local" : ""}${options.port === undefined ? portFlag(port) : ` --port ${port}`}`,
    region,
    endpoint: health.endpoint,
    credentials: {
      accessKeyId: variables.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? "",
    },
    env: { ...io.env, ...variables },
    localDataDir: health.dataDir,
  };
}

/** Whether it is AWS itself: also behind an endpoint of AWS's own, as in a private network. */
export function isRealAws({ isLocal, endpoint }: TargetAws): boolean {
  return !isLocal && (endpoint === undefined || /\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname));
}

/** What a report of costs is called: another AWS than the real one is never called AWS. */
export function costLabelOf(target: TargetAws): CostReport["label"] {
  if (target.isLocal) {
    return "rehearsed on local AWS";
  }
  return isRealAws(target) ? "observed on AWS" : "observed on another AWS";
}
