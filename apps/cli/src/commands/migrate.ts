import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import type { MigrateMode, TableReport } from "../data/migrate-table.ts";
import { FailedWith } from "../failed-with.ts";
import { TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";

interface MigrateCommandOptions extends TargetOptions {
  readonly status?: boolean;
  readonly dryRun?: boolean;
  readonly segments: string;
  readonly rate?: string;
  readonly allowContract?: boolean;
  readonly again?: string;
  readonly tableName?: string;
  readonly output?: "text" | "json";
}

const DEFAULT_SEGMENTS = "4";
/** Each has its progress in the record of the migration, which must not grow without need. */
const MOST_SEGMENTS = 64;

const NOT_DONE = 1;
const FAILED = 2;
const INTERRUPTED = 130;

/** The option that names tables where the state may not be read. */
const TABLE_NAME_OPTION = {
  flags: "--table-name <names>",
  description: "what tables are called, as NAME=TABLE,...; otherwise the environment's Terraform state says it",
} as const;

/** `slipway migrate`: brings the records of an environment's tables into the shape that the next version needs. */
export const migrate: Command = {
  name: "migrate",
  summary: "migrate the records of an environment's tables; exit code 0 done, 1 something is not, 2 it failed",
  arguments: [{ name: "[environment]", description: "as in slipway.config.ts; may be left out with --local (prod)" }],
  options: [
    { flags: "--status", description: "show what is done, due and refused; exit code 1 when something is not done" },
    { flags: "--dry-run", description: "count what would change; nothing is written" },
    {
      flags: "--segments <n>",
      description: `parts of a table to work on side by side, 1 to ${MOST_SEGMENTS}`,
      default: DEFAULT_SEGMENTS,
    },
    { flags: "--rate <n>", description: "records (500) or capacity units (50cu) per second; without it, all it takes" },
    { flags: "--allow-contract", description: "say that no live version needs what contractions take away" },
    { flags: "--again <id>", description: "run a migration that is done again, as after a rollback" },
    TABLE_NAME_OPTION,
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway migrate prod --local --dry-run",
    "slipway migrate prod --rate 50cu",
    "slipway migrate prod --status --table-name items=items-prod",
  ],
  failureCode: FAILED,
  json: { documents: ["migration-report"] },
  async run(options: MigrateCommandOptions, io: CommandIo, [given]: readonly string[]): Promise<number> {
    const segments = readSegments(options.segments);
    const mode = readMode(options);
    const isLocal = options.local === true || options.port !== undefined;
    if (given === undefined && !isLocal) {
      throw new UserError(
        "environment: missing. On AWS it has to be said whose records are changed: slipway migrate prod",
      );
    }
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ loadEnvironment }, engine, { openDataTables }, { migrateTable }, { thisRunner }, { readRate }, renderer] =
      await Promise.all([
        import("../environment-config.ts"),
        import("@slipway/release-engine"),
        import("../data/open-data-tables.ts"),
        import("../data/migrate-table.ts"),
        import("../data/this-runner.ts"),
        import("../data/read-rate.ts"),
        import("../data/render-migrations.ts"),
      ]);
    const name = given ?? "prod";
    const rate = readRate(options.rate);
    const { repository, config } = await loadEnvironment(io.cwd, name);
    const target = await targetAws(options, io, config.region);
    const progress = new ProgressPrinter(io);
    const { env, signal } = io;
    const { again, tableName: tableNames, allowContract = false } = options;
    const place = { repository, config, environment: name, target, env, progress, signal };
    const where = { ...place, mayNameTables: true, ...(tableNames && { tableNames }) };
    const { tables, clients, clock } = await openDataTables(where);
    const ports = { clients, clock, progress, signal, runner: thisRunner() };
    const reports: TableReport[] = [];
    try {
      // All of them before anything is changed: a file that is wrong should not stop a run in the middle.
      const loaded = await Promise.all(tables.map((table) => engine.loadMigrations(table.migrations)));
      if (again !== undefined && !loaded.flat().some(({ migration }) => migration.id === again)) {
        const folders = tables.map((table) => table.config.migrations).join(", ");
        throw new UserError(`--again: there is no migration '${again}' in ${folders}.`);
      }
      for (const [index, table] of tables.entries()) {
        const how = { mode, segments, allowContract, ...(rate && { rate }), ...(again && { again }) };
        reports.push(await migrateTable(ports, table, loaded[index] ?? [], how));
      }
      progress.stop();
      const isDone = reports.every(({ migrations }) => migrations.every((each) => isWell(each, mode)));
      const report = { environment: name, target: target.label, mode, done: isDone, tables: reports };
      io.stdout.write(
        options.output === "json"
          ? `${JSON.stringify({ version: 1, ...report })}\n`
          : renderer.renderMigrations(report, io.columns),
      );
      return isDone ? 0 : NOT_DONE;
    } catch (error) {
      if (error instanceof engine.ReleaseError && error.kind === "interrupted") {
        progress.stop();
        const goOn = `slipway migrate ${name}${target.flags}${flagsOf(options)}`;
        throw new FailedWith(
          INTERRUPTED,
          new UserError(`${error.what}. What was done is saved. To go on there:\n  ${goOn}`),
        );
      }
      throw error;
    } finally {
      progress.stop();
      clients.destroy();
    }
  },
};

/**
 * A contraction that waits for its time is as it should be; one that was begun and must not go on, one that is due, or anything that was
 * refused, is not.
 */
function isWell({ verdict, outcome, begun }: TableReport["migrations"][number], mode: MigrateMode): boolean {
  if (outcome !== undefined) {
    return outcome === "done";
  }
  return verdict === "done" || (verdict === "waiting" && !begun) || (mode === "dry-run" && verdict !== "refused");
}

/**
 * What was given and is needed to go on in the same way. Not `--again`: what it has begun is not done any more, and is gone on with anyway.
 */
function flagsOf({ status, dryRun, segments, rate, allowContract, tableName }: MigrateCommandOptions): string {
  return [
    ...(status === true ? [" --status"] : []),
    ...(dryRun === true ? [" --dry-run"] : []),
    ...(segments === DEFAULT_SEGMENTS ? [] : [` --segments ${segments}`]),
    ...(rate === undefined ? [] : [` --rate ${rate}`]),
    ...(allowContract === true ? [" --allow-contract"] : []),
    ...(tableName === undefined ? [] : [` --table-name ${tableName}`]),
  ].join("");
}

function readMode({ status, dryRun }: MigrateCommandOptions): MigrateMode {
  if (status === true && dryRun === true) {
    throw new UserError(
      "--status and --dry-run: choose one. --status reads what the table remembers, --dry-run all of it.",
    );
  }
  return status === true ? "status" : dryRun === true ? "dry-run" : "run";
}

function readSegments(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < 1 || value > MOST_SEGMENTS) {
    throw new UserError(`--segments: '${text}' is no whole number from 1 to ${MOST_SEGMENTS}.`);
  }
  return value;
}
