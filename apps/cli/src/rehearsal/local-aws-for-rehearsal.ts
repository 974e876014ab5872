import { type Health, type LocalAws, startLocalAws } from "@slipway/local-aws";
import type { CommandIo } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { type LocalOptions, localAwsOptions } from "../local/local-instance.ts";
import { NO_IAM_WARNING } from "../local/no-iam-warning.ts";
import { UserError } from "../user-error.ts";

/** The local AWS that a rehearsal runs on. */
export interface RehearsalGround {
  readonly health: Health;
  /** Whether it was started for this rehearsal, and so ends with it. */
  readonly isOurs: boolean;
  /** Ends it where it is ours. */
  release(): Promise<void>;
}

/**
 * Takes the local AWS that runs on the port already, or starts one in this process.
 *
 * @param onStopRequested - called when `slipway local stop` asks ours to end
 * @throws UserError when the one that runs has another data folder or Region than the one that was asked for
 */
export async function openGround(
  options: LocalOptions,
  io: CommandIo,
  onStopRequested: () => void,
): Promise<RehearsalGround> {
  const wanted = localAwsOptions(options, io.env, io.cwd);
  const running = await new ControlClient(wanted.port).health();
  if (running !== undefined) {
    if (options.dataDir !== undefined && running.dataDir !== wanted.dataDir) {
      throw new UserError(
        `Port ${wanted.port} has a local AWS with another data folder (${running.dataDir}). Stop it with \`slipway local stop --port ${wanted.port}\`, or choose another --port N.`,
      );
    }
    if (running.region !== wanted.region) {
      throw new UserError(
        `The local AWS on port ${wanted.port} plays the Region ${running.region}, and the configuration says ${wanted.region}. Stop it with \`slipway local stop --port ${wanted.port}\`, or choose another --port N.`,
      );
    }
    if (running.iam === "off") {
      io.stderr.write(NO_IAM_WARNING);
    }
    return { health: running, isOurs: false, release: async () => {} };
  }
  const localAws: LocalAws = await startLocalAws({
    ...wanted,
    log: (line) => io.stderr.write(`local AWS: ${line}\n`),
    onStopRequested,
  });
  return { health: localAws.health(), isOurs: true, release: () => localAws.stop() };
}
