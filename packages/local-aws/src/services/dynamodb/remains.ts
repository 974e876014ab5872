import type { Backups } from "./backups.ts";
import { ItemStore } from "./item-store.ts";
import { storeIdOf, type TableRecord } from "./table.ts";
import type { Tables } from "./tables.ts";

/**
 * Removes what nobody owns any more. A table's part of the store can have several owners: the table, the backup that takes over
 * its items when it is deleted, and restores that have not read all of it yet.
 */
export class Remains {
  readonly #store: ItemStore;
  readonly #tables: Tables;
  readonly #backups: Backups;
  readonly #log: (line: string) => void;
  readonly #running = new Set<Promise<void>>();

  constructor(store: ItemStore, tables: Tables, backups: Backups, log: (line: string) => void) {
    this.#store = store;
    this.#tables = tables;
    this.#backups = backups;
    this.#log = log;
  }

  /** Looks through the whole store, as a kill may have left it. Only at the start: a backup in the making has no owner yet. */
  async removeAll(): Promise<void> {
    for (const storeId of await this.#store.tableIds()) {
      this.remove(storeId);
    }
  }

  /** Removes what has lost its owner in one table's part of the store. Goes on by itself. */
  remove(storeId: string): void {
    const work = this.#remove(storeId)
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.stack : String(error);
        this.#log(`dynamodb: remains of the table ${storeId} could not be removed: ${reason}`);
      })
      .finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  /** Waits for what is under way. What is not removed by then goes at the next start. */
  async stop(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #remove(storeId: string): Promise<void> {
    const prefix = ItemStore.tablePrefix(storeId);
    if (!this.#isOwned(storeId)) {
      await this.#store.dropTable(storeId);
      return;
    }
    await this.#removeParts(
      `${prefix}x/`,
      (id) => this.#table(storeId)?.indexes.some((index) => index.id === id),
      (id) => this.#store.dropIndex(storeId, id, `${prefix}x/${id}/`),
    );
    if (this.#table(storeId) === undefined) {
      await this.#store.clear(`${prefix}t/`);
    }
    for (const journals of [`${prefix}j/`, `${prefix}k/`]) {
      await this.#removeParts(
        journals,
        (id) => this.#hasJournal(storeId, id),
        (id) => this.#store.clear(`${journals}${id}/`),
      );
    }
  }

  /** Goes from one part below a prefix to the next without reading what is in it. Ids are never used twice. */
  async #removeParts(
    prefix: string,
    isOwned: (id: string) => boolean | undefined,
    remove: (id: string) => Promise<void>,
  ): Promise<void> {
    for (let key = await this.#store.firstKey(prefix, `${prefix}~`); key !== undefined; ) {
      const id = key.slice(prefix.length, key.indexOf("/", prefix.length));
      if (!isOwned(id)) {
        await remove(id);
      }
      key = await this.#store.firstKey(`${prefix}${id}/~`, `${prefix}~`);
    }
  }

  #table(storeId: string) {
    return this.#tables.all().find((table) => table.storeId === storeId);
  }

  #isOwned(storeId: string): boolean {
    return (
      this.#table(storeId) !== undefined ||
      this.#backups.all().some((backup) => backup.storeId === storeId) ||
      this.#tables.restoring().some(({ source }) => source.kind === "backup" && source.storeId === storeId) ||
      this.#readers(storeId).length > 0
    );
  }

  #hasJournal(storeId: string, journal: string): boolean {
    const records = [...this.#readers(storeId), this.#table(storeId)?.record];
    return records.some((record) => record?.pointInTimeRecovery?.journal === journal);
  }

  /** The table as restores that read it still need it. */
  #readers(storeId: string): TableRecord[] {
    return this.#tables
      .restoring()
      .flatMap(({ source }) =>
        source.kind === "table" && storeIdOf(source.record.id) === storeId ? [source.record] : [],
      );
  }
}
