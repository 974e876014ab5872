import { Worker } from "node:worker_threads";
import type { QueryJob, WorkerMessage } from "./query-job.ts";

/** What is told of the queries that run. Nothing is told of a query after its end, its cancellation or {@link QueryThreads.close}. */
export interface ThreadListener {
  started(queryId: string): void;
  message(queryId: string, message: WorkerMessage): void;
  /** It has run for as long as a query may. */
  timeout(queryId: string): void;
}

/** Limits of threads; times on the wall clock. */
export interface ThreadOptions {
  /** Queries at a time; the others wait. */
  readonly threads: number;
  /** Megabytes that the values of one query may take. */
  readonly memoryMb: number;
  /** A thread that has had nothing to do for so long ends. */
  readonly idleMs: number;
  /** AWS ends queries after 60 minutes. */
  readonly timeoutMs: number;
}

/** One thread for each core that most machines have at least, and a heap that a million rows of `stats` do not fill. */
export const THREAD_OPTIONS: ThreadOptions = {
  threads: 2,
  memoryMb: 512,
  idleMs: 30_000,
  timeoutMs: 60 * 60_000,
};

/** A thread and what it does. */
interface Thread {
  readonly worker: Worker;
  queryId: string | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Runs queries in threads of their own, so that a long one holds up no request. A thread that takes too much memory dies alone: its
 * query fails, and the next one gets another thread.
 */
export class QueryThreads {
  readonly #listener: ThreadListener;
  readonly #options: ThreadOptions;
  readonly #waiting: QueryJob[] = [];
  readonly #threads = new Set<Thread>();
  readonly #ends = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(listener: ThreadListener, options: ThreadOptions = THREAD_OPTIONS) {
    this.#listener = listener;
    this.#options = options;
  }

  /** Runs a query as soon as a thread is free. */
  run(job: QueryJob): void {
    this.#waiting.push(job);
    this.#assign();
  }

  /** Stops a query, or never starts it. */
  cancel(queryId: string): void {
    const index = this.#waiting.findIndex((job) => job.queryId === queryId);
    if (index >= 0) {
      this.#waiting.splice(index, 1);
      return;
    }
    for (const thread of this.#threads) {
      if (thread.queryId === queryId) {
        this.#end(thread);
      }
    }
    this.#assign();
  }

  /** Ends all threads; on return none is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.length = 0;
    for (const thread of this.#threads) {
      this.#end(thread);
    }
    await Promise.all(this.#ends);
  }

  #assign(): void {
    for (let job = this.#waiting[0]; job !== undefined && !this.#isClosed; job = this.#waiting[0]) {
      const thread = this.#freeThread();
      if (thread === undefined) {
        return;
      }
      this.#waiting.shift();
      const { queryId } = job;
      thread.queryId = queryId;
      clearTimeout(thread.timer);
      thread.timer = setTimeout(() => {
        this.#end(thread);
        this.#listener.timeout(queryId);
        this.#assign();
      }, this.#options.timeoutMs);
      thread.timer.unref();
      thread.worker.postMessage(job);
      this.#listener.started(queryId);
    }
  }

  #freeThread(): Thread | undefined {
    for (const thread of this.#threads) {
      if (thread.queryId === undefined) {
        return thread;
      }
    }
    return this.#threads.size < this.#options.threads ? this.#open() : undefined;
  }

  #open(): Thread {
    const { memoryMb } = this.#options;
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      name: "logs-insights",
      // Nothing of the process's own flags: they may be about its memory, or about a debugger. Queries and SQLite are experimental to Node.
      execArgv: ["--disable-warning=ExperimentalWarning"],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    const thread: Thread = { worker, queryId: undefined, timer: undefined };
    // A process that has nothing else to do does not wait for queries.
    worker.unref();
    worker.on("message", (message: WorkerMessage) => this.#hear(thread, message));
    worker.on("error", (error: Error & { code?: string }) => {
      const isFull = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      const tooMuch = `it takes more than the ${memoryMb} MB that a query may have; filter before, or group by less`;
      this.#bury(thread, isFull ? tooMuch : (error.stack ?? error.message));
    });
    worker.on("exit", () => this.#bury(thread, "its thread has ended"));
    this.#threads.add(thread);
    return thread;
  }

  #hear(thread: Thread, message: WorkerMessage): void {
    const { queryId } = thread;
    if (queryId === undefined || this.#isClosed) {
      return;
    }
    if (message.kind === "complete" || message.kind === "failed") {
      this.#rest(thread);
    }
    this.#listener.message(queryId, message);
    this.#assign();
  }

  /** A thread has died by itself: it must not be given another query, and its own has failed. */
  #bury(thread: Thread, reason: string): void {
    const { queryId } = thread;
    thread.queryId = undefined;
    clearTimeout(thread.timer);
    this.#threads.delete(thread);
    if (queryId !== undefined && !this.#isClosed) {
      this.#listener.message(queryId, { kind: "failed", reason });
    }
    this.#assign();
  }

  #rest(thread: Thread): void {
    thread.queryId = undefined;
    clearTimeout(thread.timer);
    thread.timer = setTimeout(() => this.#end(thread), this.#options.idleMs);
    thread.timer.unref();
  }

  #end(thread: Thread): void {
    thread.queryId = undefined;
    clearTimeout(thread.timer);
    this.#threads.delete(thread);
    const end = thread.worker.terminate().finally(() => this.#ends.delete(end));
    this.#ends.add(end);
  }
}
