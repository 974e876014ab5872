import { randomUUID } from "node:crypto";
import type { Core } from "../../../../core/core.ts";
import type { QueryJob, QueryStatistics, WorkerMessage } from "../run/query-job.ts";
import { QueryThreads, type ThreadOptions } from "../run/query-threads.ts";
import { type QueryStatus, QueryTable, type StoredQuery } from "./query-table.ts";

/** What a query is started with. */
export type NewQuery = Pick<StoredQuery, "queryString" | "groups" | "until" | "limit" | "userIdentity">;

/** A query with what is known of it at this moment. */
export interface KnownQuery extends StoredQuery {
  readonly statistics: QueryStatistics;
}

/** A query that has begun so often and never ended is not tried again: it may be what stops local AWS. */
const MAX_RUNS = 3;
const NOTHING: QueryStatistics = { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0, logGroupsScanned: 0 };

/** The queries of Logs Insights: what is waiting, what runs, and what has come out for seven days of the clock. */
export class Queries {
  readonly #core: Core;
  readonly #table: QueryTable;
  readonly #threads: QueryThreads;
  /** Ids of queries that wait or run. */
  readonly #underWay = new Set<string>();
  /** Of queries that run: when they began on the wall clock, and what they have read. */
  readonly #running = new Map<string, { readonly began: number; statistics: QueryStatistics }>();

  constructor(core: Core, options?: ThreadOptions) {
    this.#core = core;
    this.#table = new QueryTable(core.store, () => core.clock.now());
    this.#threads = new QueryThreads(
      {
        started: (queryId) => {
          this.#running.set(queryId, { began: performance.now(), statistics: NOTHING });
          this.#update(queryId, { status: "Running", runs: (this.#table.find(queryId)?.runs ?? 0) + 1 });
        },
        message: (queryId, message) => this.#hear(queryId, message),
        timeout: (queryId) => this.#finish(queryId, { status: "Timeout" }),
      },
      options,
    );
    this.#resume();
  }

  /** Runs again what was under way when local AWS stopped, or when its state was exchanged. */
  #resume(): void {
    for (const query of this.#table.all().reverse()) {
      if (isUnderWay(query.status)) {
        this.#table.deleteRows(query.queryId);
        if (query.runs < MAX_RUNS) {
          this.#table.put({ ...query, status: "Scheduled" });
          this.#run(query);
        } else {
          this.#core.log(`logs: the query ${query.queryId} has begun ${query.runs} times and never ended`);
          this.#finish(query.queryId, { status: "Failed" });
        }
      }
    }
  }

  /** Starts a query and returns its id. */
  start(query: NewQuery): string {
    const queryId = randomUUID();
    const stored: StoredQuery = {
      ...query,
      queryId,
      status: "Scheduled",
      runs: 0,
      createdAt: Math.floor(this.#core.clock.now()),
    };
    this.#table.put(stored);
    this.#run(stored);
    return queryId;
  }

  find(queryId: string): KnownQuery | undefined {
    const query = this.#table.find(queryId);
    return query === undefined ? undefined : this.#known(query);
  }

  /** All queries of the last seven days, the newest first. */
  all(): KnownQuery[] {
    return this.#table.all().map((query) => this.#known(query));
  }

  /** How many queries wait or run. */
  countUnderWay(): number {
    return this.#underWay.size;
  }

  /** Rows of the results of a query from a place on. */
  rows(queryId: string, from: number, count: number): ReturnType<QueryTable["rows"]> {
    return this.#table.rows(queryId, from, count);
  }

  /** Stops a query that waits or runs; false when it has ended. */
  cancel(queryId: string): boolean {
    const query = this.#table.find(queryId);
    if (query === undefined || !isUnderWay(query.status)) {
      return false;
    }
    this.#threads.cancel(queryId);
    this.#finish(queryId, { status: "Cancelled" });
    return true;
  }

  /** Deletes queries that are older than seven days. */
  expire(): void {
    this.#table.expire();
  }

  /** Ends all threads. What was under way is run again by the next one. */
  close(): Promise<void> {
    return this.#threads.close();
  }

  #run(query: StoredQuery): void {
    this.#underWay.add(query.queryId);
    this.#threads.run(this.#jobOf(query));
  }

  #jobOf({ queryId, queryString, groups, until, limit, createdAt }: StoredQuery): QueryJob {
    const file = this.#core.store.database.location();
    if (file === null) {
      throw new Error("Queries need a store that lies in a file.");
    }
    return { queryId, queryString, groups, until, limit, now: createdAt, accountId: this.#core.accountId, file };
  }

  #known(query: StoredQuery): KnownQuery {
    return { ...query, statistics: query.statistics ?? this.#running.get(query.queryId)?.statistics ?? NOTHING };
  }

  #hear(queryId: string, message: WorkerMessage): void {
    switch (message.kind) {
      case "progress": {
        const running = this.#running.get(queryId);
        if (running !== undefined) {
          running.statistics = message.statistics;
        }
        return;
      }
      case "page":
        this.#table.addPage(queryId, message.page, message.rows);
        return;
      case "complete":
        this.#finish(queryId, {
          status: "Complete",
          statistics: message.statistics,
          resultCount: message.resultCount,
        });
        return;
      case "failed":
        // The API has no place for the reason.
        this.#core.log(`logs: the query ${queryId} has failed: ${message.reason}`);
        this.#finish(queryId, { status: "Failed" });
    }
  }

  #finish(queryId: string, change: Partial<StoredQuery> & { readonly status: QueryStatus }): void {
    const running = this.#running.get(queryId);
    this.#running.delete(queryId);
    this.#underWay.delete(queryId);
    if (change.status !== "Complete") {
      this.#table.deleteRows(queryId);
    }
    this.#update(queryId, {
      statistics: running?.statistics ?? NOTHING,
      durationMs: running === undefined ? 0 : Math.round(performance.now() - running.began),
      ...change,
    });
  }

  #update(queryId: string, change: Partial<StoredQuery>): void {
    const query = this.#table.find(queryId);
    if (query !== undefined) {
      this.#table.put({ ...query, ...change });
    }
  }
}

function isUnderWay(status: QueryStatus): boolean {
  return status === "Scheduled" || status === "Running";
}
