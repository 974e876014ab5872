import type { EnvironmentConfig, LedgerEntry, SlipwayConfig } from "@slipway/contracts";
import type { Clock, StateBackupStore, StateSlot, StateVersions } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { readableEntries } from "../ledger/readable-entries.ts";
import type { OpenedLedger } from "../release/open-ledger.ts";
import { type TargetAws, type TargetOptions, targetAws } from "../target/target-aws.ts";

/** The Terraform state of the environment that a command was given. */
export interface OpenedState {
  readonly repository: string;
  readonly config: SlipwayConfig;
  readonly environment: EnvironmentConfig;
  readonly target: TargetAws;
  readonly store: StateVersions & StateBackupStore & StateSlot;
  /** The target's time. */
  readonly clock: Clock;
  /** Opens the ledger, once. */
  ledger(): Promise<OpenedLedger>;
  /** What is in the ledger; where it cannot be read, why: what a state can be restored from is shown all the same. */
  entries(): Promise<{ readonly entries: readonly LedgerEntry[]; readonly note?: string }>;
  close(): void;
}

/** What all three commands say of themselves. */
export const ONLY_FOR_LOST_STATE =
  "It is for a lost or damaged state alone: it changes what Terraform believes, and nothing that exists.";

/**
 * Opens the state of the environment that a command was given: on AWS with the caller's own credentials, on local AWS under the role
 * `operate`.
 *
 * @throws UserError when the environment is not in the configuration, that does not say where states lie, or nothing was rehearsed
 */
export async function openState(options: TargetOptions, io: CommandIo, name: string): Promise<OpenedState> {
  const [{ createAwsClients, S3StateStore }, { loadEnvironment }, { environmentAccess }, { openEnvironmentLedger }] =
    await Promise.all([
      import("@slipway/aws"),
      import("../environment-config.ts"),
      import("../target/environment-view.ts"),
      import("../release/open-ledger.ts"),
    ]);
  const { repository, config, environment } = await loadEnvironment(io.cwd, name);
  const target = await targetAws(options, io, config.region);
  const { env, signal } = io;
  const place = { config, environment: name, target, signal };
  const { bucket, credentials, clock } = await environmentAccess(place);
  const { region, endpoint } = target;
  const clients = createAwsClients({
    region,
    endpoint,
    credentials,
  });
  let opened: OpenedLedger | undefined;
  const ledger = async () => {
    opened ??= await openEnvironmentLedger({ ...place, env, clock });
    return opened;
  };
  return {
    ...{ repository, config, environment, target, clock, ledger },
    store: new S3StateStore(clients.s3, { bucket, key: environment.terraform.stateKey }),
    entries: () =>
      readableEntries(async () => (await ledger()).ledger.read(signal), "who left which state is not known", signal),
    close() {
      clients.destroy();
      opened?.close();
    },
  };
}
