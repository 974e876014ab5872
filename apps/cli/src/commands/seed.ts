import { join } from "node:path";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";

interface SeedCommandOptions extends TargetOptions {
  readonly output?: "text" | "json";
}

/** `slipway seed`: records to develop with, in environments that are not protected. */
export const seed: Command = {
  name: "seed",
  summary: "put the seed records into an environment's tables, where they are missing; never into a protected one",
  arguments: [{ name: "[environment]", description: "as in slipway.config.ts (default: dev)" }],
  // None that names a table: what is called the table of an environment that is not protected might be a protected one's.
  options: [...TARGET_OPTIONS, OUTPUT_OPTION],
  examples: ["slipway seed dev --local", "slipway seed dev --output json"],
  json: { documents: ["seed-report"] },
  async run(options: SeedCommandOptions, io: CommandIo, [name = "dev"]: readonly string[]): Promise<number> {
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ loadEnvironment }, { DynamoMigrationTable }, engine, { openDataTables }] = await Promise.all([
      import("../environment-config.ts"),
      import("@slipway/aws"),
      import("@slipway/release-engine"),
      import("../data/open-data-tables.ts"),
    ]);
    const { repository, config, environment } = await loadEnvironment(io.cwd, name);
    if (environment.protected) {
      const others = Object.entries(config.environments).filter(([, each]) => !each.protected);
      const instead = others.map(([other]) => `slipway seed ${other}`).join(" or ");
      throw new UserError(
        `environments.${name}.protected: is true, and seed records are no data of a protected environment. ${instead === "" ? "No environment is unprotected." : `To seed another: ${instead}`}`,
      );
    }
    // Everything is checked before anything is written, and before anybody is asked for credentials.
    const seeds = new Map(
      (environment.data?.tables ?? []).flatMap(({ name: table, seed: file, definition }) =>
        file === undefined || definition === undefined
          ? []
          : [[table, engine.loadSeed({ seed: join(repository, file), definition: join(repository, definition) })]],
      ),
    );
    if (seeds.size === 0) {
      throw new UserError(
        `environments.${name}.data.tables: no table in slipway.config.ts has seed records. Add seed: "data/seed/NAME.json" and definition: "data/tables/NAME.json".`,
      );
    }
    const target = await targetAws(options, io, config.region);
    const progress = new ProgressPrinter(io);
    const { env, signal } = io;
    const where = { repository, config, environment: name, target, env, progress, signal };
    const { tables, clients, clock } = await openDataTables(where);
    try {
      const reports = [];
      for (const { config: table, tableName } of tables) {
        const records = seeds.get(table.name)?.records;
        if (records !== undefined) {
          const ports = { table: new DynamoMigrationTable(clients.dynamodb, tableName), clock };
          const title = { phase: `${tableName}.seed`, title: `seed ${tableName}` };
          const { value } = await engine.runPhase({ clock, progress }, title, async () => {
            const result = await engine.seedTable(ports, records, signal);
            return { value: result, ...(result.put === 0 ? { outcome: "nothing-to-do" as const } : {}) };
          });
          reports.push({ name: table.name, tableName, ...value });
        }
      }
      progress.stop();
      const report = { version: 1, environment: name, target: target.label, tables: reports };
      const lines = reports.map(
        ({ tableName, put, there }) => `${tableName}: ${put} records put, ${there} were there already\n`,
      );
      io.stdout.write(options.output === "json" ? `${JSON.stringify(report)}\n` : lines.join(""));
      return 0;
    } finally {
      progress.stop();
      clients.destroy();
    }
  },
};
