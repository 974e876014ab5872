import { join } from "node:path";
import { type AwsClients, createAwsClients, s3State } from "@slipway/aws";
import type { DataTableConfig, EnvironmentConfig, SlipwayConfig } from "@slipway/contracts";
import { type Clock, outputText, type Progress, systemClock, type TerraformState } from "@slipway/release-engine";
import { ControlClient } from "../local/control-client.ts";
import { environmentWork } from "../target/environment-work.ts";
import type { TargetAws } from "../target/target-aws.ts";
import { UserError } from "../user-error.ts";

/** A table of an environment. */
export interface DataTable {
  readonly config: DataTableConfig;
  /** As AWS calls it. */
  readonly tableName: string;
  /** Absolute path of the folder with its migrations. */
  readonly migrations: string;
}

/** The tables of an environment, and what is needed to work on them. */
export interface DataTables {
  readonly tables: readonly DataTable[];
  readonly clients: AwsClients;
  /** Time as the target sees it: local AWS's clock may have been moved. */
  readonly clock: Clock;
}

export interface DataTablesPlace {
  readonly repository: string;
  readonly config: SlipwayConfig;
  readonly environment: string;
  readonly target: TargetAws;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Whether the command has the option `--table-name`. */
  readonly mayNameTables?: boolean;
  /** Value of `--table-name`. */
  readonly tableNames?: string;
}

/**
 * Finds out what the tables of an environment are called, and prepares clients: on AWS with the caller's own credentials, on local AWS under
 * the purpose role `migrate`.
 *
 * The names come from the environment's Terraform state, which the role `migrate` may not read: `--table-name` says them where it works.
 *
 * @throws UserError when nothing says which tables there are, or what they are called
 */
export async function openDataTables(place: DataTablesPlace): Promise<DataTables> {
  const { repository, config, environment: name, target } = place;
  const configured = config.environments[name]?.data?.tables;
  if (configured === undefined) {
    throw new UserError(
      `environments.${name}.data: is not in slipway.config.ts, so nothing says which tables ${name} has. Add data: { tables: [{ name, output, migrations }] }.`,
    );
  }
  const given = readTableNames(place.tableNames, configured);
  const isComplete = configured.every((table) => given.has(table.name));
  const { region, endpoint } = target;
  const at = { region, endpoint };
  if (!target.isLocal) {
    const clients = createAwsClients(at);
    const state = isComplete ? undefined : await stateOnAws(place, clients);
    return { tables: tablesOf(repository, name, configured, given, state), clients, clock: systemClock };
  }
  const { env, progress, signal } = place;
  const work = await environmentWork({ repository, config, environment: name, target, env, progress, signal });
  try {
    const state = isComplete ? undefined : await work.state.read(signal);
    if (!isComplete && state === undefined) {
      throw new UserError(
        `There is no state ${work.state.location}: ${name} is not deployed. Do it with: ${work.howToDeploy}`,
      );
    }
    return {
      tables: tablesOf(repository, name, configured, given, state),
      clients: createAwsClients({ ...at, credentials: work.migrateCredentials }),
      clock: await clockOf(target),
    };
  } finally {
    // The working copy is not needed any more: others may rehearse while records are changed.
    work.release();
  }
}

async function stateOnAws(
  { config, environment: name, mayNameTables = false, signal }: DataTablesPlace,
  { s3 }: AwsClients,
): Promise<TerraformState> {
  const { terraform } = config.environments[name] as EnvironmentConfig;
  const { state: settings } = config.bootstrap;
  const instead = mayNameTables ? ` Or say what the tables are called: --table-name ${exampleOf(config, name)}` : "";
  if (settings === undefined) {
    throw new UserError(
      `bootstrap.state: is not in slipway.config.ts, so nothing says where the states lie. Add state: { bucket: NAME }.${instead}`,
    );
  }
  const source = s3State(s3, name, { bucket: settings.bucket, key: terraform.stateKey });
  const state = await source.read(signal);
  if (state === undefined) {
    throw new UserError(
      `There is no state ${source.location}, so nobody knows what the tables of ${name} are called. Apply ${terraform.directory} with Terraform first.${instead}`,
    );
  }
  return state;
}

function exampleOf(config: SlipwayConfig, name: string): string {
  const tables = config.environments[name]?.data?.tables ?? [];
  return tables.map((table) => `${table.name}=${table.name}-${name}`).join(",");
}

function tablesOf(
  repository: string,
  environment: string,
  configured: readonly DataTableConfig[],
  given: ReadonlyMap<string, string>,
  state: TerraformState | undefined,
): DataTable[] {
  return configured.map((table, index) => ({
    config: table,
    tableName:
      given.get(table.name) ??
      outputText(
        (state?.outputs ?? {}) as Parameters<typeof outputText>[0],
        table.output,
        `environments.${environment}.data.tables[${index}].output`,
      ),
    migrations: join(repository, table.migrations),
  }));
}

/** Reads `items=items-prod,orders=orders-prod`. */
function readTableNames(text: string | undefined, configured: readonly DataTableConfig[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const pair of text?.split(",") ?? []) {
    const [, name = "", table = ""] = /^([^=]+)=([A-Za-z0-9_.-]{3,255})$/.exec(pair) ?? [];
    if (table === "") {
      throw new UserError(`--table-name: '${pair}' is no NAME=TABLE, such as items=items-prod.`);
    }
    if (!configured.some((known) => known.name === name)) {
      throw new UserError(
        `--table-name: there is no table '${name}' in slipway.config.ts. It has ${configured.map((known) => known.name).join(", ")}.`,
      );
    }
    names.set(name, table);
  }
  return names;
}

async function clockOf({ endpoint = "" }: TargetAws): Promise<Clock> {
  const offset = (await new ControlClient(Number(new URL(endpoint).port)).health())?.clockOffsetMs ?? 0;
  return {
    now: () => systemClock.now() + offset,
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds, signal),
  };
}
