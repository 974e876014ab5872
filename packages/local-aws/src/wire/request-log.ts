import { appendFile, renameSync, statSync } from "node:fs";

/** One request to local AWS. */
export interface RequestLogEntry {
  /** ISO time on the wall clock. */
  readonly time: string;
  readonly requestId: string;
  readonly service: string;
  readonly operation: string;
  readonly status: number;
  /** AWS error code, for a failure. */
  readonly error?: string;
  readonly message?: string;
  /** Milliseconds from the first byte of the request to the answer. */
  readonly durationMs: number;
  /** ARN of the caller. */
  readonly principal?: string;
  /** Kind of the planted fault that hit it. */
  readonly fault?: string;
}

const KEPT = 5_000;
const FLUSH_AFTER_MS = 250;
const ROTATE_AT_BYTES = 64 * 1024 * 1024;

/** The latest requests in memory, and all of them in a file (one JSON document a line), written behind the requests' backs. */
export class RequestLog {
  readonly #file: string;
  readonly #ring: RequestLogEntry[] = [];
  #next = 0;
  #pending: RequestLogEntry[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  add(entry: RequestLogEntry): void {
    this.#ring[this.#next] = entry;
    this.#next = (this.#next + 1) % KEPT;
    this.#pending.push(entry);
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS).unref();
  }

  /** The latest `count` requests, oldest first. */
  latest(count: number): RequestLogEntry[] {
    const ordered = [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
    return count <= 0 ? [] : ordered.slice(-count);
  }

  /** Writes what is pending to the file. A log that cannot be written must not fail a request, so errors end here. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#pending.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    this.#pending = [];
    if (lines === "") {
      return Promise.resolve();
    }
    this.#rotate();
    return new Promise((resolve) => appendFile(this.#file, lines, () => resolve()));
  }

  #rotate(): void {
    try {
      if (statSync(this.#file).size > ROTATE_AT_BYTES) {
        renameSync(this.#file, `${this.#file}.1`);
      }
    } catch {
      // No file yet.
    }
  }
}
