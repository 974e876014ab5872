import type { ReleaseRecord } from "../ledger/release-record.ts";

/** Whose approvals of a rollback do not count. */
export interface RollbackAuthors {
  readonly authors: readonly string[];
  /** Why there may be others, whom nobody knows. */
  readonly authorsUnknown?: string;
}

/**
 * Everybody who wrote something of what a rollback changes: of the release that it goes to, whose code and infrastructure come back, and of all
 * between there and what runs now, which is taken away.
 *
 * @param records all releases of the environment, oldest first
 * @param from id of the release that has the traffic
 * @param to id of the release to go to; it may be the later one, where an earlier rollback is taken back
 */
export function rollbackAuthors(
  records: readonly ReleaseRecord[],
  { from, to }: { readonly from: string; readonly to: string },
): RollbackAuthors {
  const [first, last] = [from, to]
    .map((release) => records.findIndex(({ id }) => id === release))
    .sort((one, other) => one - other);
  const between = records.slice(Math.max(first ?? 0, 0), (last ?? 0) + 1);
  const unknown = between.flatMap(({ id, authorsUnknown }) =>
    authorsUnknown === undefined ? [] : [`${id}: ${authorsUnknown}`],
  );
  return {
    authors: [...new Set(between.flatMap(({ authors }) => authors))],
    ...(unknown.length === 0 ? {} : { authorsUnknown: unknown.join("; ") }),
  };
}
