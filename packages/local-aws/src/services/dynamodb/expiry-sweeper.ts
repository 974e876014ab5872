import { AwsError } from "../../core/aws-error.ts";
import type { Cancel } from "../../core/clock.ts";
import type { DataPlane } from "./data-plane.ts";
import { expiryBound, expiryOf, parseExpiryKey } from "./expiry.ts";
import type { Table } from "./table.ts";

/** Expired items are removed on the next full minute, so that requests can still meet them, as on AWS. */
const SWEEP_SECONDS = 60;
const PAGE = 100;

/** Removes items whose time of expiry has come, on the clock of local AWS. */
export class ExpirySweeper {
  readonly #plane: DataPlane;
  readonly #log: (line: string) => void;
  #scheduled: { readonly at: number; readonly cancel: Cancel } | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(plane: DataPlane, log: (line: string) => void) {
    this.#plane = plane;
    this.#log = log;
  }

  /** Makes sure that the item that expires at this second will be removed. */
  note(seconds: number): void {
    const at = sweepTime(seconds);
    if (this.#stopped || (this.#scheduled !== undefined && this.#scheduled.at <= at)) {
      return;
    }
    this.#scheduled?.cancel();
    this.#scheduled = {
      at,
      cancel: this.#plane.clock.schedule(at, () => {
        this.#scheduled = undefined;
        return this.sweep();
      }),
    };
  }

  /** Removes what has expired in all tables, and plans the next time. */
  async sweep(): Promise<void> {
    while (this.#running !== undefined) {
      await this.#running;
    }
    this.#running = this.#sweepAll().catch((error: unknown) => {
      this.#log(
        `dynamodb: expired items could not be removed: ${error instanceof Error ? error.stack : String(error)}`,
      );
    });
    await this.#running;
    this.#running = undefined;
  }

  /** Stops, after the sweep that may be running. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#scheduled?.cancel();
    await this.#running;
  }

  async #sweepAll(): Promise<void> {
    for (const { name, expiryAttribute } of this.#plane.tables.all()) {
      if (expiryAttribute !== undefined && !this.#stopped) {
        await this.#sweepTable(name);
      }
    }
  }

  async #sweepTable(name: string): Promise<void> {
    const table = this.#plane.tables.find(name);
    if (table === undefined) {
      return;
    }
    const now = Math.floor(this.#plane.clock.now() / 1000);
    const { store } = this.#plane;
    let removed = 0;
    for await (const page of store.pages(table.expiryPrefix, expiryBound(table, now + 1), PAGE)) {
      if (this.#stopped) {
        return;
      }
      const results = await Promise.all(
        page.map(([fullKey]) => this.#remove(table, parseExpiryKey(table, fullKey), now)),
      );
      removed += results.filter(Boolean).length;
    }
    if (removed > 0) {
      this.#plane.traffic.expired(table.name, removed);
    }
    const next = await store.firstKey(expiryBound(table, 0), expiryBound(table, 999_999_999_999));
    if (next !== undefined) {
      // What could not be removed (it was in a transaction) is tried again on the next full minute.
      this.note(Math.max(parseExpiryKey(table, next).seconds, now + 1));
    }
  }

  /** False when the item has got another time of expiry since, or is part of a transaction. */
  async #remove(table: Table, { key }: { key: string }, now: number): Promise<boolean> {
    // As it is now: it may have got an index or a journal since the sweep began.
    const current = this.#plane.tables.find(table.name);
    const attribute = current?.expiryAttribute;
    if (attribute === undefined || current?.storeId !== table.storeId) {
      return false;
    }
    try {
      const written = await this.#plane.writes.write({
        table: current,
        key,
        apply: (existing) => {
          const expiry = existing && expiryOf(existing, attribute, Number.NEGATIVE_INFINITY);
          return expiry !== undefined && expiry <= now ? undefined : existing;
        },
      });
      return written.before !== undefined && written.after === undefined;
    } catch (error) {
      if (error instanceof AwsError && error.code === "TransactionConflictException") {
        return false;
      }
      throw error;
    }
  }
}

/** The full minute, in milliseconds, at which an item that expires at this second is removed. */
function sweepTime(seconds: number): number {
  return Math.ceil(seconds / SWEEP_SECONDS) * SWEEP_SECONDS * 1000;
}
