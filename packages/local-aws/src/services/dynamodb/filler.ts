import type { DataPlane } from "./data-plane.ts";
import { expiryKey, expiryOf } from "./expiry.ts";
import { changeIndex } from "./index-entries.ts";
import { ItemStore, type Operation } from "./item-store.ts";
import type { IndexRecord, Table, TableRecord } from "./table.ts";

const PAGE = 100;

/**
 * Brings what is new about a table (an index, the list of times of expiry) up to the items that were there before. The record
 * says that it is under way, so that a start after a kill does it again from the beginning; writes keep the new thing in step
 * from the moment of the record on.
 */
export class Filler {
  readonly #plane: DataPlane;
  readonly #log: (line: string) => void;
  readonly #onExpiry: (seconds: number) => void;
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(plane: DataPlane, onExpiry: (seconds: number) => void, log: (line: string) => void) {
    this.#plane = plane;
    this.#onExpiry = onExpiry;
    this.#log = log;
  }

  /**
   * Goes on with everything that was under way when local AWS was stopped or killed.
   */
  resume(): void {
    for (const table of this.#plane.tables.all()) {
      for (const index of table.record.globalIndexes.filter(({ creating }) => creating)) {
        this.fillIndex(table.name, index.name);
      }
      if (table.record.timeToLive?.indexing) {
        this.fillExpiry(table.name);
      }
    }
  }

  /** Adds the table's items to a global index that is being created, then makes it active. */
  fillIndex(tableName: string, indexName: string): void {
    this.#track(`index ${indexName} of ${tableName}`, this.#fillIndex(tableName, indexName));
  }

  /** Makes the table's list of times of expiry anew: of all items, or of none when expiry is disabled. */
  fillExpiry(tableName: string): void {
    this.#track(`times of expiry of ${tableName}`, this.#fillExpiry(tableName));
  }

  /** Removes what an index had. */
  dropIndex(table: Table, indexId: string): void {
    const prefix = `${ItemStore.tablePrefix(table.storeId)}x/${indexId}/`;
    this.#track(`remains of an index of ${table.name}`, this.#plane.store.dropIndex(table.storeId, indexId, prefix));
  }

  /** Stops; what is under way goes on at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #fillIndex(tableName: string, indexName: string): Promise<void> {
    const started = this.#plane.tables.find(tableName);
    const index = started?.indexes.find(({ name }) => name === indexName);
    if (started === undefined || index === undefined) {
      return;
    }
    this.#plane.store.suspendCount(index.id);
    const done = await this.#forEachItem(started, (table, key, item) => {
      const same = table.indexes.find(({ id }) => id === index.id);
      return (same && changeIndex(table, same, key, undefined, item)?.operations) ?? [];
    });
    if (!done) {
      return;
    }
    await this.#plane.store.countIndex(started.storeId, index.id, index.prefix);
    this.#update(started, (record) => ({
      ...record,
      globalIndexes: record.globalIndexes.map((each) => (each.id === index.id ? active(each) : each)),
    }));
  }

  async #fillExpiry(tableName: string): Promise<void> {
    const started = this.#plane.tables.find(tableName);
    if (started === undefined) {
      return;
    }
    await this.#plane.store.clear(started.expiryPrefix);
    const done = await this.#forEachItem(started, (table, key, item) => {
      const attribute = table.expiryAttribute;
      const expiry = attribute === undefined ? undefined : expiryOf(item, attribute, this.#plane.clock.now());
      if (expiry === undefined) {
        return [];
      }
      this.#onExpiry(expiry);
      return [{ type: "put", key: expiryKey(table, expiry, key), value: "" }];
    });
    if (done) {
      this.#update(started, (record) => ({
        ...record,
        timeToLive: record.timeToLive && { ...record.timeToLive, indexing: false },
      }));
    }
  }

  /**
   * Commits what `operationsOf` makes of every item. Each page is judged and committed in one go, on the items as they will be,
   * so no write that happens meanwhile is lost or undone.
   *
   * @returns false when the table has gone, or local AWS stops
   */
  async #forEachItem(
    started: Table,
    operationsOf: (table: Table, key: string, item: NonNullable<ReturnType<ItemStore["read"]>>) => readonly Operation[],
  ): Promise<boolean> {
    const { store, tables } = this.#plane;
    for await (const page of store.pages(started.itemPrefix, `${started.itemPrefix}~`, PAGE)) {
      const table = tables.find(started.name);
      if (this.#stopped || table?.storeId !== started.storeId) {
        return false;
      }
      const operations = page.flatMap(([fullKey]) => {
        const { item } = store.latest(fullKey);
        return item === undefined ? [] : operationsOf(table, fullKey.slice(table.itemPrefix.length), item);
      });
      if (operations.length > 0) {
        await store.commit({ operations, items: new Map(), counts: [] });
      }
    }
    return tables.find(started.name)?.storeId === started.storeId;
  }

  #update(started: Table, change: (record: TableRecord) => TableRecord): void {
    const table = this.#plane.tables.find(started.name);
    if (table?.storeId === started.storeId) {
      this.#plane.tables.put(change(table.record));
    }
  }

  #track(what: string, work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        this.#log(`dynamodb: ${what}: ${error instanceof Error ? error.stack : String(error)}`);
      })
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }
}

function active(index: IndexRecord): IndexRecord {
  const { creating: _, ...rest } = index;
  return rest;
}
