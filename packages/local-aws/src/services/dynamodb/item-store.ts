import type { Stream } from "node:stream";
import { ClassicLevel } from "classic-level";
import type { Item } from "./attribute-value.ts";
import type { KeyRange } from "./dynalite.ts";
import { itemSize } from "./item-size.ts";
import { ItemStream } from "./item-stream.ts";
import { ItemView } from "./item-view.ts";

/** One write to LevelDB. */
export type Operation =
  | { readonly type: "put"; readonly key: string; readonly value: string }
  | { readonly type: "del"; readonly key: string };

/** A difference in the number and bytes of a table's items, or of an index's entries. */
export interface CountDelta {
  readonly tableId: string;
  /** The index's id; absent for the table itself. */
  readonly indexId?: string;
  readonly items: number;
  readonly bytes: number;
}

/** What belongs together: all of it is written, or none of it. */
export interface Commit {
  readonly operations: readonly Operation[];
  /** Items by their full key as they will be; `undefined` for those that will be gone. */
  readonly items: ReadonlyMap<string, Item | undefined>;
  readonly counts: readonly CountDelta[];
}

/** How many items a table or an index has, and their bytes. */
export interface Count {
  items: number;
  bytes: number;
}

interface Counts extends Count {
  readonly indexes: Record<string, Count>;
}

interface Batch {
  readonly operations: Operation[];
  readonly keys: string[];
  readonly counts: CountDelta[];
  readonly written: Promise<void>;
  readonly settle: { resolve: () => void; reject: (error: unknown) => void };
}

/** Sorts after every character that a key has. */
const END = "~";

/**
 * Items, index entries and their bookkeeping in one LevelDB, written in groups: everything that comes in one turn of the event
 * loop, or while a batch is on its way, is gathered into the next batch. So batches have a total order, each is atomic even under kill -9 (LevelDB appends
 * it to its log as one record, and hands that record to the operating system before it answers), and many writers cost little
 * more than one.
 *
 * A writer that depends on what an item is must ask {@link latest}, which knows what is still on its way; readers ask
 * {@link read}, which knows only what has been written.
 */
export class ItemStore {
  readonly #level: ClassicLevel<string, string>;
  /** What is on its way, by full key. */
  readonly #pending = new Map<string, { item: Item | undefined; batch: Batch }>();
  readonly #counts = new Map<string, Counts>();
  /** Ids of indexes that are being filled: their entries are counted at the end. */
  readonly #uncounted = new Set<string>();
  #gathering: Batch | undefined;
  #inFlight: Batch | undefined;
  readonly #between: (() => void)[] = [];

  private constructor(level: ClassicLevel<string, string>) {
    this.#level = level;
  }

  /** Opens (or makes) the store in a folder. @throws Error of LevelDB when the folder is damaged or in use */
  static async open(directory: string): Promise<ItemStore> {
    const level = new ClassicLevel<string, string>(directory, { keyEncoding: "utf8", valueEncoding: "utf8" });
    await level.open();
    return new ItemStore(level);
  }

  /** Prefix of everything that a table has in this store. */
  static tablePrefix(tableId: string): string {
    return `${tableId}/`;
  }

  /** The item at a full key, as written. */
  read(key: string): Item | undefined {
    const text = this.#level.getSync(key);
    return text === undefined ? undefined : (JSON.parse(text) as Item);
  }

  /** The text at a full key, as written. */
  readText(key: string): string | undefined {
    return this.#level.getSync(key);
  }

  /** Reads several items as they were at one moment. */
  readTogether(keys: readonly string[]): (Item | undefined)[] {
    const snapshot = this.#level.snapshot();
    try {
      return keys.map((key) => {
        const text = this.#level.getSync<string, string>(key, { snapshot });
        return text === undefined ? undefined : (JSON.parse(text) as Item);
      });
    } finally {
      void snapshot.close();
    }
  }

  /** The item at a full key, counting what is on its way, and when that will have been written. */
  latest(key: string): { item: Item | undefined; written: Promise<void> | undefined } {
    const pending = this.#pending.get(key);
    return pending === undefined
      ? { item: this.read(key), written: undefined }
      : { item: pending.item, written: pending.batch.written };
  }

  /**
   * Writes a commit. Its items are what {@link latest} answers from this very call on.
   *
   * @throws Error of LevelDB when the disk fails; then nothing of the commit was written
   */
  commit(commit: Commit): Promise<void> {
    const batch = this.#gathering ?? this.#gather();
    batch.operations.push(...commit.operations);
    batch.counts.push(...commit.counts);
    for (const [key, item] of commit.items) {
      this.#pending.set(key, { item, batch });
      batch.keys.push(key);
    }
    return batch.written;
  }

  /** How many items a table (or one of its indexes) has. */
  count(tableId: string, indexId?: string): Count {
    const counts = this.#countsOf(tableId);
    return indexId === undefined ? counts : (counts.indexes[indexId] ?? { items: 0, bytes: 0 });
  }

  /** Leaves an index's entries uncounted until {@link countIndex}. */
  suspendCount(indexId: string): void {
    this.#uncounted.add(indexId);
  }

  /** Counts the entries of an index, and keeps counting from there. */
  async countIndex(tableId: string, indexId: string, prefix: string): Promise<void> {
    const iterator = await this.#quiescent(() => {
      this.#uncounted.delete(indexId);
      this.#countsOf(tableId).indexes[indexId] = { items: 0, bytes: 0 };
      // An iterator sees what was written when it was made.
      return this.#level.values({ gte: prefix, lt: prefix + END });
    });
    let items = 0;
    let bytes = 0;
    try {
      for await (const text of iterator) {
        items += 1;
        bytes += itemSize(JSON.parse(text) as Item);
      }
    } finally {
      await iterator.close();
    }
    await this.commit({ operations: [], items: new Map(), counts: [{ tableId, indexId, items, bytes }] });
  }

  /** Pages of texts with their full keys in a range, as they are when all that was on its way has been written. */
  async *pages(from: string, to: string, pageSize: number): AsyncGenerator<readonly [key: string, text: string][]> {
    await this.#settled();
    const iterator = this.#level.iterator({ gte: from, lt: to });
    try {
      for (let page = await iterator.nextv(pageSize); page.length > 0; page = await iterator.nextv(pageSize)) {
        yield page as [string, string][];
      }
    } finally {
      await iterator.close();
    }
  }

  /** The store as it is when all that was on its way has been written, and stays for its reader; to be closed. */
  async view(): Promise<ItemView> {
    await this.#settled();
    return new ItemView(this.#level);
  }

  /** The first key of a range. */
  async firstKey(from: string, to: string): Promise<string | undefined> {
    const [key] = await this.#level.keys({ gte: from, lt: to, limit: 1 }).all();
    return key;
  }

  /** The last key of a range. */
  async lastKey(from: string, to: string): Promise<string | undefined> {
    const [key] = await this.#level.keys({ gte: from, lt: to, reverse: true, limit: 1 }).all();
    return key;
  }

  /** A stream of the items in a range under a prefix, for dynalite. */
  stream(prefix: string, range: KeyRange): Stream {
    const lower = range.gt !== undefined ? { gt: prefix + range.gt } : { gte: prefix + (range.gte ?? "") };
    const upper = range.lte !== undefined ? { lte: prefix + range.lte } : { lt: prefix + (range.lt ?? END) };
    return new ItemStream(
      this.#level.values({ ...lower, ...upper, reverse: range.reverse ?? false, limit: range.limit ?? -1 }),
    );
  }

  /** Removes everything under a prefix. Not atomic: nothing may be reading or writing there any more. */
  async clear(prefix: string): Promise<void> {
    await this.#settled();
    await this.#level.clear({ gte: prefix, lt: prefix + END });
  }

  /** Removes everything that an index had. */
  async dropIndex(tableId: string, indexId: string, prefix: string): Promise<void> {
    await this.clear(prefix);
    delete this.#countsOf(tableId).indexes[indexId];
  }

  /** Removes everything that a table had. */
  async dropTable(tableId: string): Promise<void> {
    await this.clear(ItemStore.tablePrefix(tableId));
    this.#counts.delete(tableId);
  }

  /** The ids of all tables that have something here. */
  async tableIds(): Promise<string[]> {
    const ids: string[] = [];
    for (let key = await this.firstKey("0", END); key !== undefined; ) {
      const id = key.slice(0, key.indexOf("/"));
      ids.push(id);
      key = await this.firstKey(`${ItemStore.tablePrefix(id)}${END}`, END);
    }
    return ids;
  }

  /** Waits for what is on its way, and closes. */
  async close(): Promise<void> {
    while ((this.#gathering ?? this.#inFlight) !== undefined) {
      await this.#settled();
    }
    await this.#level.close();
  }

  /** Runs `work` at a moment when nothing is being written: every batch is either all before or all after it. */
  #quiescent<T>(work: () => T): Promise<T> {
    if (this.#inFlight === undefined) {
      return Promise.resolve(work());
    }
    return new Promise((resolve) => {
      this.#between.push(() => resolve(work()));
    });
  }

  /** Waits until what is on its way has been written, or has failed. */
  async #settled(): Promise<void> {
    // Batches are written in their order: the one that is gathered comes last.
    await (this.#gathering ?? this.#inFlight)?.written.catch(() => {});
  }

  /** Begins the next batch. */
  #gather(): Batch {
    this.#gathering = newBatch();
    if (this.#inFlight === undefined) {
      this.#writeSoon();
    }
    return this.#gathering;
  }

  /**
   * A batch costs a good part of a request, however small it is: it is handed to another thread, which has to be woken. So it waits
   * for the end of this turn of the event loop, and takes along what comes in it.
   */
  #writeSoon(): void {
    setImmediate(() => void this.#write());
  }

  async #write(): Promise<void> {
    const batch = this.#gathering as Batch;
    this.#gathering = undefined;
    this.#inFlight = batch;
    try {
      await this.#level.batch([...batch.operations, ...this.#countOperations(batch.counts)] as never);
      this.#forget(batch);
      batch.settle.resolve();
    } catch (error) {
      this.#fail(batch, error);
    }
    this.#inFlight = undefined;
    if (this.#gathering !== undefined) {
      this.#writeSoon();
    }
    for (const work of this.#between.splice(0)) {
      work();
    }
  }

  /** What was gathered on top of a batch that failed must fail too: it was judged by items that never came to be. */
  #fail(batch: Batch, error: unknown): void {
    const next = this.#gathering;
    this.#gathering = undefined;
    this.#pending.clear();
    this.#counts.clear();
    batch.settle.reject(error);
    next?.settle.reject(error);
  }

  #forget(batch: Batch): void {
    for (const key of batch.keys) {
      if (this.#pending.get(key)?.batch === batch) {
        this.#pending.delete(key);
      }
    }
  }

  #countOperations(deltas: readonly CountDelta[]): Operation[] {
    const touched = new Set<string>();
    for (const { tableId, indexId, items, bytes } of deltas) {
      if (indexId !== undefined && this.#uncounted.has(indexId)) {
        continue;
      }
      const counts = this.#countsOf(tableId);
      const count = indexId === undefined ? counts : (counts.indexes[indexId] ?? { items: 0, bytes: 0 });
      if (indexId !== undefined) {
        counts.indexes[indexId] = count;
      }
      count.items += items;
      count.bytes += bytes;
      touched.add(tableId);
    }
    return [...touched].map((tableId) => ({
      type: "put",
      key: countsKey(tableId),
      value: JSON.stringify(this.#countsOf(tableId)),
    }));
  }

  #countsOf(tableId: string): Counts {
    let counts = this.#counts.get(tableId);
    if (counts === undefined) {
      const text = this.#level.getSync(countsKey(tableId));
      counts = text === undefined ? { items: 0, bytes: 0, indexes: {} } : (JSON.parse(text) as Counts);
      this.#counts.set(tableId, counts);
    }
    return counts;
  }
}

function countsKey(tableId: string): string {
  return `${ItemStore.tablePrefix(tableId)}c`;
}

function newBatch(): Batch {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // A batch may be without anyone who waits for it (a sweeper that was stopped).
  promise.catch(() => {});
  return { operations: [], keys: [], counts: [], written: promise, settle: { resolve, reject } };
}
