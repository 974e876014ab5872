import { randomBytes } from "node:crypto";
import type { Item } from "./attribute-value.ts";
import type { ItemStore, Operation } from "./item-store.ts";
import type { ItemView } from "./item-view.ts";
import type { Table } from "./table.ts";

/** Where a table's items and its journal lie in the store. */
export type JournalSource = Pick<Table, "name" | "itemPrefix" | "changesPrefix" | "changedPrefix">;

/** One change of an item. */
export interface ItemChangeRecord {
  /** When it was written, in milliseconds since the epoch on local AWS's clock. */
  readonly at: number;
  /** The item's place in its table, by `keyOf`. */
  readonly key: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** What became of an item from the beginning of a stretch of time to its end; images are JSON, empty for none. */
export interface NetChange {
  readonly key: string;
  /** When it was changed last in it. */
  readonly at: number;
  readonly before: string;
  readonly after: string;
}

/** A stretch of time in milliseconds since the epoch: `from` is part of it, `to` is not. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** The place of a change in the order of all. */
interface Stamp {
  readonly at: number;
  /** Tells changes of one millisecond apart. */
  readonly sequence: number;
}

const TIME_DIGITS = 15;
const SEQUENCE_DIGITS = 9;
const STAMP_DIGITS = TIME_DIGITS + SEQUENCE_DIGITS;
const FORGOTTEN = "0".repeat(STAMP_DIGITS);

/**
 * What happened to the items of tables with point-in-time recovery, since it was enabled and for as long as its period says.
 *
 * A change is kept twice, both in the atomic write that makes it: under its time (to tell what happened), and under the item's
 * place (to find what became of an item, and what it was while the table is read in order). Only the old image is written: the
 * new one is the old one of the item's next change, or the item. That is most of what a journal costs:
 *
 *     TABLE/j/JOURNAL/0                   -> the moment before which changes have been forgotten, if any have
 *     TABLE/j/JOURNAL/TIME+SEQUENCE       -> place, line feed, image before (nothing for none)
 *     TABLE/k/JOURNAL/PLACE+TIME+SEQUENCE -> nothing
 *
 * Boundaries are those that AWS documents for exports: a moment does not include what is written at that very millisecond, so
 * `itemsAt(from)` with the `changes({ from, to })` is `itemsAt(to)`.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_IncrementalExportSpecification.html
 */
export class Journal {
  readonly #store: ItemStore;
  /** When the last change was written: times never go back, even where the wall clock does. */
  #last: Stamp = { at: 0, sequence: 0 };

  private constructor(store: ItemStore) {
    this.#store = store;
  }

  /** Goes on where the journals of these tables end. */
  static async load(store: ItemStore, tables: readonly Table[]): Promise<Journal> {
    const journal = new Journal(store);
    for (const { changesPrefix } of tables) {
      const key =
        changesPrefix === undefined ? undefined : await store.lastKey(firstKey(changesPrefix), `${changesPrefix}~`);
      const last = key === undefined ? undefined : parseStamp(key);
      if (last !== undefined && isLater(last, journal.#last)) {
        journal.#last = last;
      }
    }
    return journal;
  }

  /** Names a journal: a table that gets point-in-time recovery again begins another. */
  static newId(): string {
    return randomBytes(4).toString("hex");
  }

  /**
   * The writes that remember a change; none when the table has no journal. They belong into the change's own commit.
   *
   * @param at - when the commit is made, in milliseconds since the epoch: the same for all its changes, so that no moment is in between
   */
  operations(table: Table, key: string, before: Item | undefined, at: number): readonly Operation[] {
    if (table.changesPrefix === undefined) {
      return [];
    }
    const stamp = this.#stamp(at);
    const image = before === undefined ? "" : JSON.stringify(before);
    return [
      { type: "put", key: table.changesPrefix + stamp, value: `${key}\n${image}` },
      { type: "put", key: table.changedPrefix + key + stamp, value: "" },
    ];
  }

  /**
   * What happened to the items of a table, in order.
   *
   * @throws Error when the table has no journal, or not that far back: ask `recoveryWindow` first
   */
  async *changes(table: JournalSource, { from, to }: TimeRange): AsyncGenerator<ItemChangeRecord> {
    const prefix = prefixOf(table);
    const view = await this.#store.view();
    try {
      checkRemembered(view, table, prefix, from);
      for await (const page of view.entries(prefix + timeKey(from), prefix + timeKey(to))) {
        const changes = page.map(([fullKey, text]) => ({ ...parseChange(text), stamp: fullKey.slice(-STAMP_DIGITS) }));
        const after = await imagesAfter(view, table, prefix, changes);
        for (const [index, { key, stamp, image }] of changes.entries()) {
          yield {
            at: parseStamp(stamp).at,
            key,
            before: parseImage(image),
            after: parseImage(after[index] ?? ""),
          };
        }
      }
    } finally {
      await view.close();
    }
  }

  /**
   * What became of each item that was changed, in the order of their places. They are walked in that order, so that memory does not grow with
   * the changes; what it takes is time for all of the journal, whatever the stretch.
   *
   * @throws Error when the table has no journal, or not that far back: ask `recoveryWindow` first
   */
  async *netChanges(table: JournalSource, { from, to }: TimeRange): AsyncGenerator<NetChange> {
    const prefix = prefixOf(table);
    const view = await this.#store.view();
    try {
      checkRemembered(view, table, prefix, from);
      for await (const { key, first, last, next } of changesOfItems(view, table, timeKey(from), timeKey(to))) {
        const before = readImage(view, prefix, first);
        const after =
          next === undefined ? (view.readText(table.itemPrefix + key) ?? "") : readImage(view, prefix, next);
        yield { key, at: parseStamp(last).at, before, after };
      }
    } finally {
      await view.close();
    }
  }

  /**
   * The items of a table as they were at a moment, in the order of their places: all that are there now, but where an item was
   * changed since then, what it was before the first of these changes. Both are read in the same order, so that memory does
   * not grow with the table or the journal.
   *
   * @throws Error when the table has no journal, or not that far back: ask `recoveryWindow` first
   */
  async *itemsAt(table: JournalSource, at: number): AsyncGenerator<Item> {
    for await (const { item } of this.placesAt(table, at)) {
      yield JSON.parse(item) as Item;
    }
  }

  /** Like {@link itemsAt}, with each item's place in the table, and as JSON. */
  async *placesAt(table: JournalSource, at: number): AsyncGenerator<{ readonly key: string; readonly item: string }> {
    const prefix = prefixOf(table);
    const view = await this.#store.view();
    const changed = firstChanges(view, table, timeKey(at));
    try {
      checkRemembered(view, table, prefix, at);
      let change = (await changed.next()).value;
      for await (const page of view.entries(table.itemPrefix, `${table.itemPrefix}~`)) {
        for (const [fullKey, text] of page) {
          const key = fullKey.slice(table.itemPrefix.length);
          for (; change !== undefined && change.key < key; change = (await changed.next()).value) {
            // Changed since, and not there any more.
            yield* imageBefore(view, prefix, change);
          }
          if (change?.key === key) {
            yield* imageBefore(view, prefix, change);
            change = (await changed.next()).value;
          } else {
            yield { key, item: text };
          }
        }
      }
      for (; change !== undefined; change = (await changed.next()).value) {
        yield* imageBefore(view, prefix, change);
      }
    } finally {
      // Who has read enough leaves it half read.
      await changed.return(undefined);
      await view.close();
    }
  }

  /** Forgets what was written before a moment, and tells when what is then the first was written. */
  async trim(table: JournalSource, before: number): Promise<number | undefined> {
    const prefix = prefixOf(table);
    const view = await this.#store.view();
    try {
      for await (const page of view.entries(firstKey(prefix), prefix + timeKey(before))) {
        const operations: Operation[] = page.flatMap(([fullKey, text]): Operation[] => [
          { type: "del", key: fullKey },
          { type: "del", key: `${table.changedPrefix}${parseChange(text).key}${fullKey.slice(-STAMP_DIGITS)}` },
        ]);
        operations.push({ type: "put", key: prefix + FORGOTTEN, value: String(before) });
        await this.#store.commit({ operations, items: new Map(), counts: [] });
      }
    } finally {
      await view.close();
    }
    const first = await this.#store.firstKey(firstKey(prefix), `${prefix}~`);
    return first === undefined ? undefined : parseStamp(first).at;
  }

  #stamp(at: number): string {
    const now = Math.floor(at);
    this.#last = now > this.#last.at ? { at: now, sequence: 0 } : { ...this.#last, sequence: this.#last.sequence + 1 };
    return timeKey(this.#last.at) + String(this.#last.sequence).padStart(SEQUENCE_DIGITS, "0");
  }
}

/** Which change of an item. */
interface ChangePlace {
  readonly key: string;
  readonly stamp: string;
}

/** The first change of each item at or after a moment, in the order of the items' places. */
async function* firstChanges(
  view: ItemView,
  { changedPrefix = "" }: JournalSource,
  from: string,
): AsyncGenerator<ChangePlace, undefined> {
  let last = "";
  for await (const page of view.keys(changedPrefix, `${changedPrefix}~`)) {
    for (const fullKey of page) {
      const stamp = fullKey.slice(-STAMP_DIGITS);
      if (stamp >= from) {
        const key = fullKey.slice(changedPrefix.length, -STAMP_DIGITS);
        if (key !== last) {
          last = key;
          yield { key, stamp };
        }
      }
    }
  }
  return undefined;
}

/** Of each item that was changed in between: the first and the last of these changes, and the first after them; in the order of places. */
async function* changesOfItems(
  view: ItemView,
  { changedPrefix = "" }: JournalSource,
  from: string,
  to: string,
): AsyncGenerator<{ key: string; first: string; last: string; next: string | undefined }> {
  let current: { key: string; first: string; last: string; next: string | undefined } | undefined;
  for await (const page of view.keys(changedPrefix, `${changedPrefix}~`)) {
    for (const fullKey of page) {
      const stamp = fullKey.slice(-STAMP_DIGITS);
      const key = fullKey.slice(changedPrefix.length, -STAMP_DIGITS);
      if (current !== undefined && current.key !== key) {
        yield current;
        current = undefined;
      }
      if (stamp >= to) {
        if (current !== undefined) {
          current.next ??= stamp;
        }
      } else if (stamp >= from) {
        current = { key, first: current?.first ?? stamp, last: stamp, next: undefined };
      }
    }
  }
  if (current !== undefined) {
    yield current;
  }
}

function* imageBefore(
  view: ItemView,
  prefix: string,
  { key, stamp }: ChangePlace,
): Generator<{ readonly key: string; readonly item: string }> {
  const item = readImage(view, prefix, stamp);
  if (item !== "") {
    yield { key, item };
  }
}

/**
 * The images that changes left, as JSON; empty for none. An item's next change knows it, or the item does. What is not among the
 * changes themselves is asked for together, because each question has to wait for another thread.
 */
async function imagesAfter(
  view: ItemView,
  table: JournalSource,
  prefix: string,
  changes: readonly (ChangePlace & { readonly image: string })[],
): Promise<string[]> {
  const next = new Map<string, string>();
  const after = changes.toReversed().map((change) => {
    const known = next.get(change.key);
    next.set(change.key, change.image);
    return known ?? imageAfter(view, table, prefix, change);
  });
  return (await Promise.all(after)).reverse();
}

async function imageAfter(
  view: ItemView,
  { itemPrefix, changedPrefix }: JournalSource,
  prefix: string,
  { key, stamp }: ChangePlace,
): Promise<string> {
  const ofItem = `${changedPrefix}${key}`;
  const next = await view.firstKey(ofItem + stamp, `${ofItem}~`);
  return next === undefined
    ? (view.readText(itemPrefix + key) ?? "")
    : readImage(view, prefix, next.slice(-STAMP_DIGITS));
}

/** The image before a change, as JSON; empty for none. */
function readImage(view: ItemView, prefix: string, stamp: string): string {
  const text = view.readText(prefix + stamp);
  if (text === undefined) {
    throw new Error(`The journal lacks the change ${stamp}.`);
  }
  return parseChange(text).image;
}

function parseChange(text: string): { key: string; image: string } {
  const end = text.indexOf("\n");
  return { key: text.slice(0, end), image: text.slice(end + 1) };
}

function parseImage(image: string): Item | undefined {
  return image === "" ? undefined : (JSON.parse(image) as Item);
}

/** Better no answer than one from a journal that has forgotten a part of it. */
function checkRemembered(view: ItemView, { name }: JournalSource, prefix: string, at: number): void {
  const forgotten = Number(view.readText(prefix + FORGOTTEN) ?? 0);
  if (at < forgotten) {
    throw new Error(
      `The journal of ${name} does not go back to ${new Date(at).toISOString()}: it begins at ${new Date(forgotten).toISOString()}.`,
    );
  }
}

function prefixOf(table: JournalSource): string {
  if (table.changesPrefix === undefined) {
    throw new Error(`The table ${table.name} has no journal: its point-in-time recovery is not enabled.`);
  }
  return table.changesPrefix;
}

/** Sorts before all changes, and after what is kept about the journal itself. */
function firstKey(prefix: string): string {
  return prefix + timeKey(1);
}

/** Sorts before everything that is written at this millisecond or later. */
function timeKey(at: number): string {
  return String(Math.max(1, Math.ceil(at))).padStart(TIME_DIGITS, "0");
}

function isLater(one: Stamp, other: Stamp): boolean {
  return one.at > other.at || (one.at === other.at && one.sequence > other.sequence);
}

function parseStamp(fullKey: string): Stamp {
  const stamp = fullKey.slice(-STAMP_DIGITS);
  return { at: Number(stamp.slice(0, TIME_DIGITS)), sequence: Number(stamp.slice(TIME_DIGITS)) };
}
