import type { ReleaseRecord } from "../ledger/release-record.ts";
import { ReleaseError } from "../release-error.ts";

/** A migration that was begun, as its table remembers it. */
export interface BegunMigration {
  readonly id: string;
  /** Of the table in the configuration. */
  readonly table: string;
  readonly phase: "expand" | "contract";
  readonly description: string;
  /** ISO time. */
  readonly startedAt: string;
}

/** Migrations that were begun when the versions of a release had no traffic any more: they have never run with what those left. */
export function migrationsSince<T extends Pick<BegunMigration, "startedAt">>(
  records: readonly ReleaseRecord[],
  target: ReleaseRecord,
  migrations: readonly T[],
): T[] {
  // Rollbacks to it run its versions, too.
  const runs = records.filter(({ id, plan }) => id === target.id || plan.rollsBack?.to === target.id);
  const isLive = runs.some(({ state }) => state === "live" || state === "running" || state === "paused");
  const until = Math.max(...runs.map(({ endedAt }) => Date.parse(endedAt ?? "") || 0));
  return isLive ? [] : migrations.filter(({ startedAt }) => Date.parse(startedAt) >= until);
}

/**
 * Why code cannot go back to a release: a migration has taken away since what only earlier versions need.
 *
 * @returns undefined where it can
 */
export function contractedSince(
  { environment, records, flags }: { environment: string; records: readonly ReleaseRecord[]; flags: string },
  target: ReleaseRecord,
  migrations: readonly BegunMigration[],
): ReleaseError | undefined {
  const contractions = migrations.filter(({ phase }) => phase === "contract");
  const [first] = migrationsSince(records, target, contractions);
  if (first === undefined) {
    return undefined;
  }
  const { id, table, description, startedAt } = first;
  const newer = records.findLast(
    (each) =>
      each.wasLive === true &&
      each.state !== "live" &&
      each.plan.rollsBack === undefined &&
      migrationsSince(records, each, contractions).length === 0,
  );
  const nearer =
    newer === undefined
      ? ""
      : `slipway rollback ${environment} --to ${newer.id}${flags} goes to one that knows it; or `;
  return new ReleaseError({
    kind: "usage",
    what: `The code of ${target.id} cannot run on the data of ${environment} any more`,
    why: `the migration ${id} of ${table} (phase contract: ${description}) was begun at ${startedAt}, after the versions of ${target.id} had lost their traffic: they need what it takes away`,
    next: `${nearer}slipway deploy ${environment}${flags} releases a fix of what is live`,
  });
}
