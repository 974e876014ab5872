import { createAwsClients, s3State } from "@slipway/aws";
import type { DataTableConfig, UndoRequest } from "@slipway/contracts";
import { outputText, type ReleaseRecord, releases, type TerraformState } from "@slipway/release-engine";
import { readRate } from "../data/read-rate.ts";
import type { OpenRelease } from "../release/open-release.ts";
import { UserError } from "../user-error.ts";
import { dataOptionsIn } from "./data-options.ts";
import { readSelection } from "./read-selection.ts";
import { readWindow } from "./read-window.ts";
import type { UndoOptions } from "./undo-options.ts";

/** What is to be undone, before anybody has seen and confirmed it. */
export type AskedUndo = Omit<UndoRequest, "confirmed">;

/**
 * What flags ask for, with the names that the table and the bucket have on AWS.
 *
 * @param name of the environment
 * @throws UserError when it is not complete, contradicts itself, or cannot be written down as it is
 */
export async function undoRequest(
  options: UndoOptions,
  open: Pick<OpenRelease, "environment" | "access" | "ledger" | "ports">,
  name: string,
  signal: AbortSignal,
): Promise<AskedUndo> {
  const entries = await open.ledger.read(signal);
  const rate = readRate(options.rate);
  if (options.undoOf !== undefined) {
    return { ...undoOfUndo(options, releases(entries), options.undoOf), ...(rate && { rate }) };
  }
  const table = chosenTable(open.environment.data?.tables ?? [], options.table, name);
  const select = readSelection(options, table);
  const { from, to } = readWindow(options, entries, open.ports.clock.now());
  const { redactor } = open.ports;
  if (JSON.stringify(redactor.json(structuredClone(select))) !== JSON.stringify(select)) {
    // It would be written down without its secrets, and then select something else.
    throw new UserError(
      "--where, --key-prefix, --writer: what is asked for looks like a secret, and has to be written to the ledger. Select by something else.",
    );
  }
  const state = await readState(open.access, name, signal);
  const outputs = state.outputs as Parameters<typeof outputText>[0];
  const { bucketOutput, prefix = `recovery/${name}` } = open.environment.data?.exports ?? {};
  const place = `environments.${name}`;
  const tableName = outputText(outputs, table.output, `${place}.data.tables.output`);
  // Who asks for deletions by name means all of them.
  const expiry = select.fates === undefined ? expiryOf(state, tableName) : undefined;
  return {
    ...{ table: table.name, tableName, select: { ...select, ...(expiry !== undefined && { expiry }) } },
    ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    exports: {
      bucket:
        bucketOutput === undefined
          ? open.access.state.bucket
          : outputText(outputs, bucketOutput, `${place}.data.exports.bucketOutput`),
      prefix,
    },
    ...(rate && { rate }),
  };
}

/** The attribute with the items' time of expiry, as Terraform has set it; undefined where they have none. */
function expiryOf({ resources }: TerraformState, tableName: string): string | undefined {
  const table = resources.find(
    ({ type, attributes }) => type === "aws_dynamodb_table" && attributes.name === tableName,
  );
  const [ttl] = Array.isArray(table?.attributes.ttl) ? (table.attributes.ttl as readonly unknown[]) : [];
  const { enabled, attribute_name: attribute } = (ttl ?? {}) as { enabled?: unknown; attribute_name?: unknown };
  return enabled === true && typeof attribute === "string" && attribute !== "" ? attribute : undefined;
}

/** The same window and selection as of an earlier undo, the other way round. */
function undoOfUndo(options: UndoOptions, records: readonly ReleaseRecord[], id: string): AskedUndo {
  const others = dataOptionsIn(options).filter(
    (flag) => !["--undo-of", "--undo", "--rate", "--samples", "--conflicts", "--yes"].includes(flag),
  );
  if (others.length > 0) {
    throw new UserError(
      `${others.join(", ")}: the window and the selection of --undo-of are those of ${id}. Leave it out.`,
    );
  }
  const record = records.find((each) => each.id === id);
  if (record?.plan.undo === undefined) {
    throw new UserError(
      `--undo-of: ${record === undefined ? `the ledger has no release '${id}'` : `${id} has undone no writes`}. See slipway history.`,
    );
  }
  const { confirmed: _, rate: __, undoes, ...undo } = record.plan.undo;
  return undoes === undefined ? { ...undo, undoes: id } : undo;
}

function chosenTable(tables: readonly DataTableConfig[], asked: string | undefined, name: string): DataTableConfig {
  const [only, ...more] = tables;
  if (only === undefined) {
    throw new UserError(
      `environments.${name}.data: is not in slipway.config.ts, so nothing says which tables ${name} has. Add data: { tables: [{ name, output, migrations }] }.`,
    );
  }
  const names = tables.map((table) => table.name).join(", ");
  if (asked === undefined) {
    if (more.length > 0) {
      throw new UserError(`--table: is missing, and ${name} has several: ${names}.`);
    }
    return only;
  }
  const table = tables.find((each) => each.name === asked);
  if (table === undefined) {
    throw new UserError(`--table: there is no table '${asked}' in slipway.config.ts. It has ${names}.`);
  }
  return table;
}

async function readState(
  { client, state }: OpenRelease["access"],
  name: string,
  signal: AbortSignal,
): Promise<TerraformState> {
  const clients = createAwsClients(client("operate"));
  try {
    const source = s3State(clients.s3, name, state);
    const found = await source.read(signal);
    if (found === undefined) {
      throw new UserError(
        `There is no state ${source.location}, so nobody knows what the tables of ${name} are called.`,
      );
    }
    return found;
  } finally {
    clients.destroy();
  }
}
