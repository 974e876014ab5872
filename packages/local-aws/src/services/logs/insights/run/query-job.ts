import type { QueriedGroup } from "./event-source.ts";

/** Everything that running a query takes; plain data, because it goes to another thread. */
export interface QueryJob {
  readonly queryId: string;
  readonly queryString: string;
  readonly groups: readonly QueriedGroup[];
  /** Milliseconds since the epoch, inclusive. */
  readonly until: number;
  /** The time of the query, in milliseconds since the epoch. */
  readonly now: number;
  readonly limit?: number | undefined;
  readonly accountId: string;
  /** The database file of the store. */
  readonly file: string;
}

/** What a query has read and found so far. */
export interface QueryStatistics {
  readonly recordsMatched: number;
  readonly recordsScanned: number;
  readonly bytesScanned: number;
  readonly logGroupsScanned: number;
}

/** One row of the results: names and values in turns, as few objects as can be. */
export type ResultRow = readonly string[];

/** Rows of one page of stored results. */
export const PAGE_ROWS = 1000;

/** What a worker tells about the query that it runs. */
export type WorkerMessage =
  | { readonly kind: "progress"; readonly statistics: QueryStatistics }
  | { readonly kind: "page"; readonly page: number; readonly rows: string }
  | { readonly kind: "complete"; readonly statistics: QueryStatistics; readonly resultCount: number }
  | { readonly kind: "failed"; readonly reason: string };
