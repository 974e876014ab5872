import { parentPort } from "node:worker_threads";
import { QueryFailure } from "./query-failure.ts";
import { PAGE_ROWS, type QueryJob, type ResultRow, type WorkerMessage } from "./query-job.ts";
import { runQuery } from "./run-query.ts";

// A thread that runs queries, one after the other, beside the event loop of local AWS.

parentPort?.on("message", (job: QueryJob) => {
  const tell = (message: WorkerMessage): void => parentPort?.postMessage(message);
  const pages = new Pages(tell);
  try {
    const statistics = runQuery(job, {
      progress: (progress) => tell({ kind: "progress", statistics: progress }),
      row: (row) => pages.add(row),
    });
    pages.flush();
    tell({ kind: "complete", statistics, resultCount: pages.count });
  } catch (error) {
    const reason =
      error instanceof QueryFailure ? error.message : error instanceof Error ? (error.stack ?? "") : `${error}`;
    tell({ kind: "failed", reason });
  }
});

/** Sends rows by pages, written already: whoever keeps them has little to do. */
class Pages {
  readonly #tell: (message: WorkerMessage) => void;
  #rows: ResultRow[] = [];
  #page = 0;
  count = 0;

  constructor(tell: (message: WorkerMessage) => void) {
    this.#tell = tell;
  }

  add(row: ResultRow): void {
    this.#rows.push(row);
    this.count++;
    if (this.#rows.length >= PAGE_ROWS) {
      this.flush();
    }
  }

  flush(): void {
    if (this.#rows.length > 0) {
      this.#tell({ kind: "page", page: this.#page++, rows: JSON.stringify(this.#rows) });
      this.#rows = [];
    }
  }
}
