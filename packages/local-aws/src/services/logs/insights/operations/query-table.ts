import type { StatementSync } from "node:sqlite";
import type { Collection, Store } from "../../../../store/store.ts";
import type { QueriedGroup } from "../run/event-source.ts";
import { PAGE_ROWS, type QueryStatistics, type ResultRow } from "../run/query-job.ts";

/** States of a query, as AWS calls them. */
export type QueryStatus = "Scheduled" | "Running" | "Complete" | "Failed" | "Cancelled" | "Timeout";

/** A query as it is stored; keyed by its id. Times are milliseconds since the epoch. */
export interface StoredQuery {
  readonly queryId: string;
  readonly queryString: string;
  readonly groups: readonly QueriedGroup[];
  readonly status: QueryStatus;
  readonly createdAt: number;
  /** The last moment that it looks at. */
  readonly until: number;
  readonly limit?: number | undefined;
  /** How often it has begun to run. */
  readonly runs: number;
  /** ARN of who started it. */
  readonly userIdentity: string;
  readonly statistics?: QueryStatistics;
  readonly resultCount?: number;
  readonly durationMs?: number;
}

/** How long AWS keeps the results of queries. */
const KEPT_MS = 7 * 86_400_000;

/** Queries with their results, which lie in pages of {@link PAGE_ROWS} rows. */
export class QueryTable {
  readonly #queries: Collection<StoredQuery>;
  readonly #now: () => number;
  readonly #insert: StatementSync;
  readonly #read: StatementSync;
  readonly #delete: StatementSync;

  constructor(store: Store, now: () => number) {
    this.#queries = store.collection("logs/queries");
    this.#now = now;
    store.database.exec(
      "CREATE TABLE IF NOT EXISTS logs_query_rows (query TEXT NOT NULL, page INTEGER NOT NULL, rows TEXT NOT NULL, PRIMARY KEY (query, page))",
    );
    this.#insert = store.database.prepare("INSERT INTO logs_query_rows (query, page, rows) VALUES (?, ?, ?)");
    this.#read = store.database.prepare("SELECT rows FROM logs_query_rows WHERE query = ? AND page = ?");
    this.#delete = store.database.prepare("DELETE FROM logs_query_rows WHERE query = ?");
  }

  put(query: StoredQuery): void {
    this.#queries.put(query.queryId, query);
  }

  /** A query that is not too old. */
  find(queryId: string): StoredQuery | undefined {
    const query = this.#queries.get(queryId);
    return query !== undefined && this.#isKept(query) ? query : undefined;
  }

  /** All queries that are not too old, the newest first. */
  all(): StoredQuery[] {
    return this.#queries
      .values()
      .filter((query) => this.#isKept(query))
      .sort((left, right) => right.createdAt - left.createdAt || (left.queryId < right.queryId ? -1 : 1));
  }

  /** Deletes the queries whose time is over. */
  expire(): void {
    for (const query of this.#queries.values()) {
      if (!this.#isKept(query)) {
        this.deleteRows(query.queryId);
        this.#queries.delete(query.queryId);
      }
    }
  }

  /** Adds a page of rows as JSON. */
  addPage(queryId: string, page: number, rows: string): void {
    this.#insert.run(queryId, page, rows);
  }

  deleteRows(queryId: string): void {
    this.#delete.run(queryId);
  }

  /** Rows of a query's results from a place on. */
  rows(queryId: string, from: number, count: number): ResultRow[] {
    const rows: ResultRow[] = [];
    for (let page = Math.floor(from / PAGE_ROWS); page * PAGE_ROWS < from + count; page++) {
      const stored = this.#read.get(queryId, page) as { rows: string } | undefined;
      if (stored === undefined) {
        break;
      }
      rows.push(...(JSON.parse(stored.rows) as ResultRow[]));
    }
    const skipped = from % PAGE_ROWS;
    return rows.slice(skipped, skipped + count);
  }

  #isKept({ createdAt }: StoredQuery): boolean {
    return createdAt > this.#now() - KEPT_MS;
  }
}
