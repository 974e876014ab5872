import type { AwsClients, DynamoBackups } from "@slipway/aws";
import type { LedgerEntry, SlipwayConfig } from "@slipway/contracts";
import type { StateSource, TerraformState } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { readableEntries } from "../ledger/readable-entries.ts";
import type { OpenedLedger } from "../release/open-ledger.ts";
import { type TargetAws, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";

/** The tables of the environment that a command was given, and what they can be brought back from. */
export interface OpenedBackups {
  readonly repository: string;
  readonly config: SlipwayConfig;
  readonly environment: string;
  readonly target: TargetAws;
  readonly progress: ProgressPrinter;
  /** Names of the tables that are meant. */
  readonly tables: readonly string[];
  readonly clients: AwsClients;
  readonly backups: DynamoBackups;
  readonly opened: OpenedLedger;
  /** Deletes backups: not for who is on call, but for who changes the infrastructure. */
  readonly remover: Pick<DynamoBackups, "remove">;
  /** What is in the ledger; where it cannot be read, why. */
  entries(): Promise<{ readonly entries: readonly LedgerEntry[]; readonly note?: string }>;
  close(): void;
}

export interface AskedTables {
  /** Tables that were named; all of them where none is. */
  readonly names: readonly string[];
  /** Whether those are taken as they were named where there is no state that could be read: for what changes nothing of them. */
  readonly withoutState: boolean;
}

/**
 * Opens the backups of the environment that a command was given. Its tables are those in its Terraform state.
 *
 * @throws UserError when the environment is not in the configuration, not deployed, or has no such table
 * @throws ReleaseError when the state cannot be read, or a role cannot be assumed
 */
export async function openBackups(
  options: TargetOptions,
  io: CommandIo,
  name: string,
  asked: AskedTables,
): Promise<OpenedBackups> {
  const [
    { createAwsClients, DynamoBackups, s3State },
    { loadEnvironment },
    { openEnvironmentLedger },
    { releaseAccess },
  ] = await Promise.all([
    import("@slipway/aws"),
    import("../environment-config.ts"),
    import("../release/open-ledger.ts"),
    import("../release/release-access.ts"),
  ]);
  const { repository, config } = await loadEnvironment(io.cwd, name);
  const target = await targetAws(options, io, config.region);
  const progress = new ProgressPrinter(io);
  const { env, signal } = io;
  const place = { repository, config, environment: name, target, env, progress, signal };
  const access = await releaseAccess(place);
  const clients = createAwsClients(access.client("operate"));
  const provision = createAwsClients(access.client("provision"));
  const opened = await openEnvironmentLedger(place);
  const close = () => {
    progress.stop();
    clients.destroy();
    provision.destroy();
    opened.close();
  };
  try {
    const source = s3State(clients.s3, name, access.state);
    return {
      ...{ repository, config, environment: name, target, progress, clients, opened, close },
      tables: await tablesMeant(source, asked, `${name} on ${target.label}`, io),
      backups: new DynamoBackups(clients.dynamodb),
      remover: new DynamoBackups(provision.dynamodb),
      entries: () =>
        readableEntries(() => opened.ledger.read(signal), "who made and verified what is not known", signal),
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function tablesMeant(
  source: StateSource,
  { names, withoutState }: AskedTables,
  where: string,
  { signal, stderr }: CommandIo,
): Promise<readonly string[]> {
  const isEnough = withoutState && names.length > 0;
  const asNamed = (why: string) => {
    stderr.write(`slipway: --table: what ${where} has is not known, so it is taken as named: ${escapeControls(why)}\n`);
    return [...new Set(names)];
  };
  let state: TerraformState | undefined;
  try {
    state = await source.read(signal);
  } catch (error) {
    if (signal.aborted || !isEnough || !(error instanceof Error) || error.name !== "ReleaseError") {
      throw error;
    }
    return asNamed(error.message.split("\n")[0] ?? "");
  }
  if (state === undefined && isEnough) {
    return asNamed(`there is no state ${source.location}.`);
  }
  const all = (state?.resources ?? [])
    .filter(({ type }) => type === "aws_dynamodb_table")
    .flatMap(({ attributes, id }) => (typeof attributes.name === "string" ? attributes.name : (id ?? [])));
  return chosen([...new Set(all)], names, where, source.location);
}

function chosen(all: readonly string[], asked: readonly string[], where: string, location: string): readonly string[] {
  if (all.length === 0) {
    throw new UserError(`${where} has no tables: there are none in the state ${location}.`);
  }
  const unknown = asked.find((table) => !all.includes(table));
  if (unknown !== undefined) {
    throw new UserError(`--table: ${where} has no table '${unknown}'. It has ${all.join(", ")}.`);
  }
  return asked.length === 0 ? all : [...new Set(asked)];
}
