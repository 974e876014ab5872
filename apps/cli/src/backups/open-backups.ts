import type { AwsClients, DynamoBackups } from "@slipway/aws";
import type { LedgerEntry, SlipwayConfig } from "@slipway/contracts";
import type { CommandIo } from "../command.ts";
import type { OpenedLedger } from "../release/open-ledger.ts";
import { type TargetAws, type TargetOptions, targetAws } from "../target/target-aws.ts";
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

/**
 * Opens the backups of the environment that a command was given. Its tables are those in its Terraform state.
 *
 * @param asked tables that were named; all of them unless given
 * @throws UserError when the environment is not in the configuration, not deployed, or has no such table
 * @throws ReleaseError when the state cannot be read, or a role cannot be assumed
 */
export async function openBackups(
  options: TargetOptions,
  io: CommandIo,
  name: string,
  asked: readonly string[] = [],
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
    const state = await source.read(signal);
    const all = (state?.resources ?? [])
      .filter(({ type }) => type === "aws_dynamodb_table")
      .flatMap(({ attributes, id }) => (typeof attributes.name === "string" ? attributes.name : (id ?? [])));
    return {
      ...{ repository, config, environment: name, target, progress, clients, opened, close },
      tables: chosen([...new Set(all)], asked, `${name} on ${target.label}`, source.location),
      backups: new DynamoBackups(clients.dynamodb),
      remover: new DynamoBackups(provision.dynamodb),
      async entries() {
        try {
          return { entries: await opened.ledger.read(signal) };
        } catch (error) {
          if (signal.aborted || !(error instanceof Error)) {
            throw error;
          }
          const why = error.message.split("\n")[0] ?? "";
          return { entries: [], note: `who made and verified what is not known: the ledger cannot be read. ${why}` };
        }
      },
    };
  } catch (error) {
    close();
    throw error;
  }
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
