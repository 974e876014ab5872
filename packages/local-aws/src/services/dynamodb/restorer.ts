import type { Clock } from "../../core/clock.ts";
import type { Item } from "./attribute-value.ts";
import { changeIndex } from "./index-entries.ts";
import { itemSize } from "./item-size.ts";
import { type CountDelta, ItemStore, type Operation } from "./item-store.ts";
import type { Journal } from "./journal.ts";
import type { Remains } from "./remains.ts";
import { type RestoreSource, sourceStoreId, type Table, type TableRecord, tableOf } from "./table.ts";
import type { Tables } from "./tables.ts";

/** An item and its place in its table, as the store keeps it. */
interface Place {
  readonly key: string;
  readonly item: string;
}

/** What is written at a time: so many items, or so many characters of them. */
const MOST_ITEMS = 250;
const MOST_CHARACTERS = 1024 * 1024;

/** What the restorer works with. */
export interface RestorerDependencies {
  readonly store: ItemStore;
  readonly tables: Tables;
  readonly journal: Journal;
  readonly remains: Remains;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/**
 * Fills restored tables. A table is there, `CREATING`, from the answer to the request on; its record says what its items come
 * from until all of them are written, so that a start after a kill does it again from the beginning:
 *
 *     tables.put(record with restore.pending) -> items, page by page -> tables.put(record without)
 */
export class Restorer {
  readonly #parts: RestorerDependencies;
  readonly #running = new Set<Promise<void>>();
  /** Ids of the tables that could not be filled since the start. */
  readonly #failed = new Set<string>();
  readonly #stopped = Promise.withResolvers<void>();
  #isStopped = false;

  constructor(parts: RestorerDependencies) {
    this.#parts = parts;
  }

  /** Goes on with what was under way when local AWS was stopped or killed. */
  resume(): void {
    for (const { table, source } of this.#parts.tables.restoring()) {
      this.#track(table, async () => {
        await this.#parts.store.dropTable(table.storeId);
        await this.#fill(table, source);
      });
    }
  }

  /** Makes the table of a record that has a source of items pending, and fills it. */
  start(record: TableRecord, source: RestoreSource): Table {
    const table = this.#parts.tables.put(record);
    this.#track(table, () => this.#fill(table, source));
    return table;
  }

  /** Whether a table stays without its items until the next start tries again. */
  hasFailed({ id }: TableRecord): boolean {
    return this.#failed.has(id);
  }

  /** Stops; what is under way begins anew at the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopped.resolve();
    await Promise.all(this.#running);
  }

  #track(table: Table, work: () => Promise<void>): void {
    const tracked = work()
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.stack : String(error);
        this.#failed.add(table.record.id);
        this.#parts.log(
          `dynamodb: the table ${table.name} could not be restored: it can be deleted, or a restart tries again: ${reason}`,
        );
      })
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  async #fill(table: Table, source: RestoreSource): Promise<void> {
    const { store, tables, remains } = this.#parts;
    if (source.kind === "table") {
      await this.#reached(source.at);
    }
    let written = Promise.resolve();
    try {
      for await (const page of pagesOf(this.#placesOf(source))) {
        if (this.#isOver(table)) {
          return;
        }
        // The next page is read and made ready while this one is being written.
        const last = written;
        written = store.commit({ ...writesOf(table, page), items: new Map() });
        // It may fail before somebody waits for it.
        written.catch(() => {});
        await last;
      }
    } finally {
      // A table that failed can be deleted: nothing may be written after that.
      await written;
    }
    if (this.#isOver(table)) {
      return;
    }
    const { restore, ...record } = table.record;
    tables.put({ ...record, ...(restore === undefined ? {} : { restore: { ...restore, pending: undefined } }) });
    remains.remove(sourceStoreId(source));
  }

  #isOver({ name, record }: Table): boolean {
    return this.#isStopped || this.#parts.tables.find(name)?.record.id !== record.id;
  }

  /** Just after recovery was enabled, the first moment of its window may not be over. */
  #reached(at: number): Promise<void> {
    const { clock } = this.#parts;
    if (clock.now() >= at) {
      return Promise.resolve();
    }
    return Promise.race([this.#stopped.promise, new Promise<void>((resolve) => void clock.schedule(at, resolve))]);
  }

  #placesOf(source: RestoreSource): AsyncGenerator<Place> {
    return source.kind === "table"
      ? this.#parts.journal.placesAt(tableOf(source.record), source.at)
      : backupPlaces(this.#parts.store, source.storeId);
  }
}

async function* backupPlaces(store: ItemStore, storeId: string): AsyncGenerator<Place> {
  const prefix = `${ItemStore.tablePrefix(storeId)}i/`;
  const view = await store.view();
  try {
    for await (const page of view.entries(prefix, `${prefix}~`)) {
      for (const [fullKey, item] of page) {
        yield { key: fullKey.slice(prefix.length), item };
      }
    }
  } finally {
    await view.close();
  }
}

async function* pagesOf(places: AsyncIterable<Place>): AsyncGenerator<readonly Place[]> {
  let page: Place[] = [];
  let characters = 0;
  for await (const place of places) {
    page.push(place);
    characters += place.item.length;
    if (page.length >= MOST_ITEMS || characters >= MOST_CHARACTERS) {
      yield page;
      page = [];
      characters = 0;
    }
  }
  if (page.length > 0) {
    yield page;
  }
}

/** The items with the entries of the table's indexes. */
function writesOf(table: Table, page: readonly Place[]): { operations: Operation[]; counts: CountDelta[] } {
  const operations: Operation[] = [];
  const counts: CountDelta[] = [];
  for (const { key, item: text } of page) {
    const item = JSON.parse(text) as Item;
    operations.push({ type: "put", key: table.itemPrefix + key, value: text });
    counts.push({ tableId: table.storeId, items: 1, bytes: itemSize(item) });
    for (const index of table.indexes) {
      const change = changeIndex(table, index, key, undefined, item);
      if (change !== undefined) {
        operations.push(...change.operations);
        counts.push(change.count);
      }
    }
  }
  return { operations, counts };
}
