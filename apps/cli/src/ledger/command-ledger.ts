import type { SlipwayConfig } from "@slipway/contracts";
import type { CommandIo } from "../command.ts";
import type { OpenedLedger } from "../release/open-ledger.ts";
import { type TargetAws, type TargetOptions, targetAws } from "../target/target-aws.ts";

/** The ledger that a command was given, and where it is. */
export interface CommandLedger extends OpenedLedger {
  readonly repository: string;
  readonly config: SlipwayConfig;
  readonly target: TargetAws;
}

/**
 * Opens the ledger of the environment that a command was given.
 *
 * @throws UserError when the environment is not in the configuration, or nobody knows where its ledger lies
 * @throws ReleaseError when a role cannot be assumed
 */
export async function commandLedger(
  options: TargetOptions,
  io: CommandIo,
  environment: string,
): Promise<CommandLedger> {
  // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
  const [{ loadEnvironment }, { openEnvironmentLedger }] = await Promise.all([
    import("../environment-config.ts"),
    import("../release/open-ledger.ts"),
  ]);
  const { repository, config } = await loadEnvironment(io.cwd, environment);
  const target = await targetAws(options, io, config.region);
  const { env, signal } = io;
  const place = { config, environment, target, env, signal, repository };
  return { repository, config, target, ...(await openEnvironmentLedger(place)) };
}
