import { type BegunMigration, ReleaseError } from "@slipway/release-engine";

export interface RestoredMoment {
  readonly environment: string;
  /** As AWS calls it. */
  readonly table: string;
  /** As the configuration calls it; undefined where it has none. */
  readonly name: string | undefined;
  /** What the table is restored to, in milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Asks that a restore takes no migration back that the code which runs may need: a table as it was before has neither what it has written
 * nor the record that it has run.
 *
 * @throws {ReleaseError} `usage` that names the first of them
 */
export function assertMigrationsKept(
  { environment, table, name, at }: RestoredMoment,
  begun: readonly BegunMigration[],
) {
  const lost = begun.filter((each) => each.table === name && Date.parse(each.startedAt) >= at);
  const [first] = lost;
  if (first === undefined) {
    return;
  }
  const more = lost.length === 1 ? "" : `, and ${lost.length - 1} more`;
  throw new ReleaseError({
    kind: "usage",
    what: `${table} cannot be restored to ${new Date(at).toISOString()} under the code that runs`,
    why: `the migration ${first.id} (phase ${first.phase}: ${first.description}) was begun at ${first.startedAt}${more}: the restored table would not have it, and that code may need it`,
    next: `restore to a later second; or, where it does not need it, add --accept-lost-migrations, and run it again afterwards: slipway migrate ${environment}`,
  });
}
