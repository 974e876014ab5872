import { defineMigration, type Migration, parseMigration } from "@slipway/contracts";

/** A migration that gives records a kind, as it comes out of its file. */
export function kindMigration(change: Partial<Parameters<typeof defineMigration>[0]> = {}): Migration {
  const result = parseMigration(
    defineMigration({
      id: "0001-kind",
      phase: "expand",
      description: "Gives each record a kind.",
      backfill: { select: { missing: ["kind"] }, change: (record) => ({ ...record, kind: "item" }) },
      ...change,
    }),
  );
  if (!result.ok) {
    throw new Error(result.problems.join("\n"));
  }
  return result.migration;
}
