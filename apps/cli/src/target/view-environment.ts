import type { AwsClientOptions } from "@slipway/aws";
import type { SlipwayConfig } from "@slipway/contracts";
import type { CommandIo } from "../command.ts";
import type { EnvironmentView } from "./environment-view.ts";
import { type TargetAws, type TargetOptions, targetAws } from "./target-aws.ts";

/** A view on an environment, and how to reach the AWS that it is on. */
export interface OpenedView extends EnvironmentView {
  readonly config: SlipwayConfig;
  readonly target: TargetAws;
  /** For AWS clients. */
  readonly client: AwsClientOptions;
}

/**
 * Opens the view on an environment that a command was given.
 *
 * @throws UserError when it is not in the configuration, not deployed, or no local AWS runs
 * @throws ReleaseError when the state cannot be read, or a role cannot be assumed
 */
export async function viewEnvironment(options: TargetOptions, io: CommandIo, name: string): Promise<OpenedView> {
  const [{ loadEnvironment }, { environmentView }] = await Promise.all([
    import("../environment-config.ts"),
    import("./environment-view.ts"),
  ]);
  const { config } = await loadEnvironment(io.cwd, name);
  const target = await targetAws(options, io, config.region);
  const view = await environmentView({ config, environment: name, target, signal: io.signal });
  const { region, endpoint } = target;
  return {
    ...view,
    config,
    target,
    client: {
      region,
      endpoint,
      credentials: view.credentials,
    },
  };
}
