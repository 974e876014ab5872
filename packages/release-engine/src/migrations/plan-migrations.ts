import type { Migration, MigrationRecord } from "@slipway/contracts";

/** A migration as its file has it. */
export interface LoadedMigration {
  readonly migration: Migration;
  /** SHA-256 of the file, in hexadecimal. */
  readonly digest: string;
}

/**
 * What is to be done about a migration:
 *
 * - `done`: nothing
 * - `due`: run it; `resume`: go on with it; `restart`: run it from the beginning, because its file was changed before it was done
 * - `again`: it is done, and was asked for again
 * - `waiting`: a contraction that must not run yet; it holds nothing else up
 * - `refused`: something is wrong, and nothing runs until it is put right
 */
export type MigrationVerdict = "done" | "due" | "resume" | "restart" | "again" | "waiting" | "refused";

export interface PlannedMigration {
  readonly id: string;
  readonly migration: Migration;
  readonly digest: string;
  readonly verdict: MigrationVerdict;
  /** Why, where the verdict needs a reason. */
  readonly why?: string;
  /** What the table remembers of it. */
  readonly record?: MigrationRecord;
}

export interface PlanFacts {
  /** In any order. */
  readonly migrations: readonly LoadedMigration[];
  /** By id, of all migrations that are there or needed. */
  readonly records: ReadonlyMap<string, MigrationRecord>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether somebody says that no live version needs the old shape. */
  readonly allowContract: boolean;
  /** A migration that is done and shall be run again: after a rollback, old versions have written the old shape again. */
  readonly again?: string;
}

const HOUR_MS = 3_600_000;
const RUNS: ReadonlySet<MigrationVerdict> = new Set(["due", "resume", "restart", "again"]);

/** Whether a verdict means that a migration is run now. */
export function isToRun({ verdict }: Pick<PlannedMigration, "verdict">): boolean {
  return RUNS.has(verdict);
}

/**
 * Decides which migrations are run, in which order, and what is refused and why. Pure: preview, run and resume ask it alike.
 *
 * @returns every migration, in the order of their ids
 */
export function planMigrations(facts: PlanFacts): readonly PlannedMigration[] {
  const ordered = [...facts.migrations].sort((left, right) => (left.migration.id < right.migration.id ? -1 : 1));
  return ordered.map(({ migration, digest }, index) => {
    const record = facts.records.get(migration.id);
    const common = { id: migration.id, migration, digest, ...(record === undefined ? {} : { record }) };
    const twin = ordered.find((other, at) => at !== index && numberOf(other.migration.id) === numberOf(migration.id))
      ?.migration.id;
    if (twin !== undefined) {
      const why = `${twin} has the same number, so nobody knows which comes first; give one of them the next free number`;
      return { ...common, verdict: "refused", why };
    }
    return { ...common, ...verdictOn(migration, digest, record, facts, ordered.slice(index + 1)) };
  });
}

function verdictOn(
  migration: Migration,
  digest: string,
  record: MigrationRecord | undefined,
  facts: PlanFacts,
  later: readonly LoadedMigration[],
): { verdict: MigrationVerdict; why?: string } {
  if (record?.state === "done") {
    if (record.digest !== digest) {
      const was = `${record.digest.slice(0, 12)}, finished ${record.finishedAt ?? record.updatedAt}`;
      const why = `its file is not the one that was run (${digest.slice(0, 12)}; that was ${was}). What was done is not done again: restore the file, and write what shall change into a new migration`;
      return { verdict: "refused", why };
    }
    if (facts.again !== migration.id) {
      return { verdict: "done" };
    }
  }
  if (migration.phase === "contract") {
    // Also one that is asked for again: a version that was rolled back to needs the old shape as it did the first time.
    const why = whyNotYet(migration, facts);
    if (why !== undefined) {
      return { verdict: "waiting", why };
    }
  } else if (record === undefined) {
    const overtaking = later.find((other) => {
      const theirs = facts.records.get(other.migration.id);
      return theirs !== undefined && other.migration.phase === "expand";
    });
    if (overtaking !== undefined) {
      const why = `${overtaking.migration.id} has run already, and comes after it; give this one the next free number`;
      return { verdict: "refused", why };
    }
  }
  if (record === undefined) {
    return { verdict: "due" };
  }
  if (record.state === "done") {
    return { verdict: "again", why: `finished ${record.finishedAt ?? record.updatedAt}, and asked for again` };
  }
  return record.digest === digest
    ? { verdict: "resume", why: `begun ${record.startedAt}, pass ${record.pass}` }
    : { verdict: "restart", why: "its file was changed since it was begun" };
}

/** Why a contraction must not run yet. */
function whyNotYet({ needs }: Migration, { records, now, allowContract }: PlanFacts): string | undefined {
  const needed = needs === undefined ? undefined : records.get(needs.migration);
  if (needs === undefined || needed?.state !== "done" || needed.finishedAt === undefined) {
    return `it needs ${needs?.migration ?? "an expansion"}, which is not done`;
  }
  const readyAt = Date.parse(needed.finishedAt) + needs.doneForHours * HOUR_MS;
  if (now < readyAt) {
    return `it needs ${needs.migration} to be done for ${needs.doneForHours} h, and that was finished ${needed.finishedAt}; not before ${new Date(readyAt).toISOString()}`;
  }
  return allowContract
    ? undefined
    : "nobody has said that no live version needs the old shape: say so with --allow-contract once the alias, its canary and what a rollback would go back to are all new enough";
}

function numberOf(id: string): string {
  return id.slice(0, 4);
}
