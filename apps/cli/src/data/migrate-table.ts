import { DynamoMigrationLedger, DynamoMigrationTable } from "@slipway/aws";
import type { MigrationCounts, MigrationRecord } from "@slipway/contracts";
import {
  addCounts,
  type Clock,
  countsOf,
  isToRun,
  type LeftRecord,
  type LoadedMigration,
  type MigrationLedger,
  type MigrationRate,
  type MigrationRunner,
  type PlannedMigration,
  type Progress,
  planMigrations,
  previewMigration,
  runMigration,
  runPhase,
  type TableShape,
} from "@slipway/release-engine";
import type { DataTable, DataTables } from "./open-data-tables.ts";

/** What is done about the migrations of a table. */
export type MigrateMode = "run" | "status" | "dry-run";

export interface MigrateOptions {
  readonly mode: MigrateMode;
  readonly segments: number;
  readonly rate?: MigrationRate;
  readonly allowContract: boolean;
  /** Id of a migration to run again; a table that has none of this id has nothing to do with it. */
  readonly again?: string;
}

/** A migration of a table, and what became of it. */
export interface MigrationReport {
  readonly id: string;
  readonly phase: string;
  readonly description: string;
  readonly verdict: PlannedMigration["verdict"];
  readonly why?: string;
  /** Whether the table remembers that it was begun. */
  readonly begun: boolean;
  /** Of a run. */
  readonly outcome?: "done" | "left" | "problems";
  /** All that was counted since it was begun; of a dry run, what was looked at. */
  readonly counts?: MigrationCounts;
  readonly wouldChange?: number;
  readonly left?: readonly LeftRecord[];
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** Who runs it now; not this run, nor one whose hold has expired. */
  readonly holder?: { readonly name: string; readonly since: string; readonly expiresAt: string };
}

export interface TableReport {
  readonly name: string;
  readonly tableName: string;
  /** In the order of their ids. */
  readonly migrations: readonly MigrationReport[];
}

interface Ports {
  readonly clients: DataTables["clients"];
  readonly clock: Clock;
  readonly progress: Progress;
  readonly runner: MigrationRunner;
  readonly signal: AbortSignal;
}

/**
 * Plans the migrations of a table and, unless only a look was asked for, runs those that are due, one after the other. After each one the plan
 * is made again: what comes next may need what has just been done.
 *
 * @throws ReleaseError as a run does
 */
export async function migrateTable(
  ports: Ports,
  table: DataTable,
  migrations: readonly LoadedMigration[],
  options: MigrateOptions,
): Promise<TableReport> {
  const { clients, clock, signal } = ports;
  const records = new DynamoMigrationTable(clients.dynamodb, table.tableName);
  const shape = await records.describe(signal);
  const ledger = new DynamoMigrationLedger(clients.dynamodb, shape);
  const ran = new Map<string, MigrationReport>();
  for (;;) {
    const plan = planMigrations({
      migrations,
      records: await recordsOf(ledger, migrations, signal),
      now: clock.now(),
      allowContract: options.allowContract,
      // Once is what was asked for.
      ...(options.again === undefined || ran.has(options.again) ? {} : { again: options.again }),
    });
    const next = plan.some(({ verdict }) => verdict === "refused") ? undefined : plan.find(isToRun);
    const stuck = [...ran.values()].some(({ outcome }) => outcome !== "done");
    if (options.mode !== "run" || next === undefined || stuck) {
      const reports: MigrationReport[] = [];
      for (const planned of plan) {
        const preview = options.mode === "dry-run" && isToRun(planned);
        reports.push(
          ran.get(planned.id) ?? {
            ...(preview ? await lookAt(ports, records, shape, planned, options) : reportOf(planned)),
            ...holderOf(planned, clock.now()),
          },
        );
      }
      return { name: table.config.name, tableName: table.tableName, migrations: reports };
    }
    ran.set(next.id, await run(ports, { records, ledger, shape }, next, options));
  }
}

async function recordsOf(
  ledger: MigrationLedger,
  migrations: readonly LoadedMigration[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, MigrationRecord>> {
  // Also those that are only needed: the file of a migration that is done everywhere may be gone.
  const ids = new Set(migrations.flatMap(({ migration: { id, needs } }) => [id, ...(needs ? [needs.migration] : [])]));
  const found = await Promise.all([...ids].map((id) => ledger.load(id, signal)));
  return new Map(found.flatMap((record) => (record === undefined ? [] : [[record.id, record]])));
}

async function run(
  { clock, progress, runner, signal }: Ports,
  { records, ledger, shape }: { records: DynamoMigrationTable; ledger: MigrationLedger; shape: TableShape },
  planned: PlannedMigration,
  { segments, rate }: MigrateOptions,
): Promise<MigrationReport> {
  const title = { phase: `${shape.name}.${planned.id}`, title: `migrate ${planned.id}` };
  const { value } = await runPhase({ clock, progress }, title, async (line) => {
    const ended = await runMigration(
      { table: records, ledger, clock, runner },
      {
        ...{ planned, shape, segments, signal },
        ...(rate === undefined ? {} : { rate }),
        onProgress: (record) => line(progressOf(record, shape)),
      },
    );
    const outcome = ended?.outcome ?? "done";
    const report: MigrationReport = {
      ...reportOf({ ...planned, ...(ended === undefined ? {} : { record: ended.record }) }),
      outcome,
      ...(ended === undefined ? {} : { counts: ended.counts, left: ended.left.examples }),
    };
    const summary =
      ended === undefined ? "somebody else has finished it" : `${outcome}: ${ended.counts.changed} records changed`;
    return { value: report, summary };
  });
  return value;
}

async function lookAt(
  { clock, progress, signal }: Ports,
  table: DynamoMigrationTable,
  shape: TableShape,
  planned: PlannedMigration,
  { segments, rate }: MigrateOptions,
): Promise<MigrationReport> {
  const title = { phase: `${shape.name}.${planned.id}`, title: `look for ${planned.id}` };
  const { migration } = planned;
  const { value } = await runPhase({ clock, progress }, title, async (line) => {
    const seen = await previewMigration(
      { table, clock },
      {
        ...{ migration, shape, segments, signal },
        ...(rate === undefined ? {} : { rate }),
        onProgress: ({ scanned }) => line(share(scanned, shape)),
      },
    );
    return { value: seen, summary: `${seen.wouldChange} of ${seen.scanned} records would change` };
  });
  const { scanned, readUnits, wouldChange } = value;
  const counts = { scanned, changed: 0, conflicts: 0, found: wouldChange, problems: 0, readUnits, writeUnits: 0 };
  return { ...reportOf(planned), counts, wouldChange };
}

function reportOf({ id, migration, verdict, why, record }: PlannedMigration): MigrationReport {
  const { phase, description } = migration;
  const { startedAt, finishedAt } = record ?? {};
  return {
    ...{ id, phase, description, verdict, begun: record !== undefined },
    ...(why === undefined ? {} : { why }),
    ...(record === undefined ? {} : { counts: addCounts(record.earlier, countsOf(record.segments)) }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

/** A run that was killed does not give its hold back; once it has expired nobody has it. */
function holderOf({ record }: PlannedMigration, now: number): Pick<MigrationReport, "holder"> {
  if (record?.holder === undefined || Date.parse(record.holder.expiresAt) <= now) {
    return {};
  }
  const { name, since, expiresAt } = record.holder;
  return { holder: { name, since, expiresAt } };
}

function progressOf(record: MigrationRecord, shape: TableShape): string {
  const { scanned, changed } = countsOf(record.segments);
  return `${record.pass === 1 ? "backfill" : "look"}, ${share(scanned, shape)}, ${changed.toLocaleString("en-US")} changed`;
}

function share(scanned: number, { estimatedRecords }: TableShape): string {
  const seen = scanned.toLocaleString("en-US");
  // The estimate is hours old.
  return estimatedRecords > scanned
    ? `${seen} of about ${estimatedRecords.toLocaleString("en-US")} records`
    : `${seen} records`;
}
