import { AwsError } from "../../core/aws-error.ts";
import type { Clock } from "../../core/clock.ts";
import type { Item } from "./attribute-value.ts";
import { expiryKey, expiryOf } from "./expiry.ts";
import { changeIndex } from "./index-entries.ts";
import { itemSize, writeUnits } from "./item-size.ts";
import type { CountDelta, ItemStore, Operation } from "./item-store.ts";
import type { Journal } from "./journal.ts";
import type { Index, Table } from "./table.ts";

/** A wish to change one item. */
export interface ItemWrite {
  readonly table: Table;
  /** The item's place in its table, by `keyOf`. */
  readonly key: string;
  /** Whether the item (an empty one when there is none) may be changed. */
  readonly condition?: (existing: Item) => boolean;
  /** The item as it shall be, `undefined` for none; may throw. Given back as it was, nothing is written. */
  readonly apply: (existing: Item | undefined) => Item | undefined;
  /** Tell the caller the item when the condition fails (`ReturnValuesOnConditionCheckFailure`). */
  readonly tellItemOnFailure?: boolean;
}

/** Write capacity units of one item's change, before any doubling for transactions. */
export interface WriteUnits {
  readonly table: number;
  readonly indexes: readonly { readonly index: Index; readonly units: number }[];
}

/** An item's change. */
export interface Written {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly units: WriteUnits;
}

/** One item going from one image to another. */
interface ItemChange {
  readonly table: Table;
  readonly key: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** Why one write of a transaction did not happen, as `CancellationReasons` lists it. */
export interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

/**
 * The one way by which items change: requests, transactions, batches and expiry all end here.
 *
 * A write is judged and its outcome fixed in one go, without waiting, against the item as it will be when everything that is on
 * its way has been written; so writes of one item need no locks. What AWS does have is conflicts: an item that is part of a
 * transaction on its way cannot be written by anyone else until the transaction is through.
 */
export class WritePath {
  readonly #store: ItemStore;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #onExpiry: (seconds: number) => void;
  /** Full keys of items in transactions that are on their way. */
  readonly #transacting = new Set<string>();

  /** @param onExpiry - told the time of expiry of every item that is written with one */
  constructor(store: ItemStore, journal: Journal, clock: Clock, onExpiry: (seconds: number) => void) {
    this.#store = store;
    this.#journal = journal;
    this.#clock = clock;
    this.#onExpiry = onExpiry;
  }

  /** True while the item is part of a transaction that has not been written yet. */
  isTransacting(table: Table, key: string): boolean {
    return this.#transacting.has(table.itemPrefix + key);
  }

  /**
   * Changes one item; resolves when the change is durable.
   *
   * @throws AwsError `ConditionalCheckFailedException`, `TransactionConflictException`, and what `apply` throws
   */
  async write(write: ItemWrite): Promise<Written> {
    const fullKey = write.table.itemPrefix + write.key;
    if (this.#transacting.has(fullKey)) {
      throw new AwsError("TransactionConflictException", "Transaction is ongoing for the item");
    }
    const { item: before, written } = this.#store.latest(fullKey);
    let after: Item | undefined;
    try {
      checkCondition(write, before);
      after = write.apply(before);
    } catch (error) {
      // The refusal rests on a write that could still fail.
      await written;
      throw error;
    }
    const { units, done } = this.#commit([{ table: write.table, key: write.key, before, after }], []);
    await (done ?? written);
    return { before, after, units: units[0] as WriteUnits };
  }

  /**
   * Changes all of the items or none.
   *
   * @param extra - further writes to the store that belong to it
   * @throws AwsError `TransactionCanceledException` with a reason for every write, in order
   */
  async transact(writes: readonly ItemWrite[], extra: readonly Operation[]): Promise<Written[]> {
    const fullKeys = writes.map((write) => write.table.itemPrefix + write.key);
    const found = fullKeys.map((key) => this.#store.latest(key));
    const changes: ItemChange[] = [];
    const reasons = writes.map((write, index): CancellationReason => {
      if (this.#transacting.has(fullKeys[index] as string)) {
        return { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" };
      }
      const before = found[index]?.item;
      try {
        checkCondition(write, before);
        changes.push({ table: write.table, key: write.key, before, after: write.apply(before) });
        return { Code: "None" };
      } catch (error) {
        return reasonOf(error);
      }
    });
    if (changes.length < writes.length) {
      await Promise.all(found.map(({ written }) => written));
      throw transactionCanceled(reasons);
    }
    for (const key of fullKeys) {
      this.#transacting.add(key);
    }
    try {
      const { units, done } = this.#commit(changes, extra);
      await Promise.all([done, ...found.map(({ written }) => written)]);
      return changes.map(({ before, after }, index) => ({ before, after, units: units[index] as WriteUnits }));
    } finally {
      for (const key of fullKeys) {
        this.#transacting.delete(key);
      }
    }
  }

  /**
   * Turns changes into one atomic commit: the items, their index entries, their times of expiry, the counts, and the journal,
   * because here the order of changes is decided.
   */
  #commit(
    changes: readonly ItemChange[],
    extra: readonly Operation[],
  ): { units: WriteUnits[]; done: Promise<void> | undefined } {
    const operations: Operation[] = [...extra];
    const items = new Map<string, Item | undefined>();
    const counts: CountDelta[] = [];
    const now = this.#clock.now();
    const units = changes.map((change) => this.#prepare(change, now, operations, items, counts));
    return { units, done: operations.length === 0 ? undefined : this.#store.commit({ operations, items, counts }) };
  }

  #prepare(
    { table, key, before, after }: ItemChange,
    now: number,
    operations: Operation[],
    items: Map<string, Item | undefined>,
    counts: CountDelta[],
  ): WriteUnits {
    const bytesBefore = before === undefined ? 0 : itemSize(before);
    const bytesAfter = after === before ? bytesBefore : after === undefined ? 0 : itemSize(after);
    const indexUnits: { index: Index; units: number }[] = [];
    if (after !== before) {
      const fullKey = table.itemPrefix + key;
      items.set(fullKey, after);
      operations.push(
        after === undefined
          ? { type: "del", key: fullKey }
          : { type: "put", key: fullKey, value: JSON.stringify(after) },
        ...this.#journal.operations(table, key, before, now),
      );
      counts.push({
        tableId: table.storeId,
        items: (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1),
        bytes: bytesAfter - bytesBefore,
      });
      for (const index of table.indexes) {
        const change = changeIndex(table, index, key, before, after);
        if (change !== undefined) {
          operations.push(...change.operations);
          counts.push(change.count);
          indexUnits.push({ index, units: change.units });
        }
      }
      this.#prepareExpiry({ table, key, before, after }, now, operations);
    }
    return { table: writeUnits(Math.max(bytesBefore, bytesAfter)), indexes: indexUnits };
  }

  #prepareExpiry({ table, key, before, after }: ItemChange, now: number, operations: Operation[]): void {
    const attribute = table.expiryAttribute;
    if (attribute === undefined) {
      return;
    }
    const old = before && expiryOf(before, attribute, Number.NEGATIVE_INFINITY);
    const next = after && expiryOf(after, attribute, now);
    if (old !== undefined && old !== next) {
      operations.push({ type: "del", key: expiryKey(table, old, key) });
    }
    if (next !== undefined) {
      if (old !== next) {
        operations.push({ type: "put", key: expiryKey(table, next, key), value: "" });
      }
      this.#onExpiry(next);
    }
  }
}

function checkCondition(write: ItemWrite, existing: Item | undefined): void {
  if (write.condition !== undefined && !write.condition(existing ?? {})) {
    throw new AwsError("ConditionalCheckFailedException", "The conditional request failed", {
      fields: write.tellItemOnFailure && existing !== undefined ? { Item: existing } : {},
    });
  }
}

/** A transaction's view of an error that would have failed the write on its own. */
function reasonOf(error: unknown): CancellationReason {
  if (!(error instanceof AwsError)) {
    throw error;
  }
  if (error.code === "ConditionalCheckFailedException") {
    return { Code: "ConditionalCheckFailed", Message: error.message, ...error.options.fields };
  }
  return { Code: "ValidationError", Message: error.message };
}

/** The error that lists why a transaction was cancelled. */
export function transactionCanceled(reasons: readonly CancellationReason[]): AwsError {
  return new AwsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(", ")}]`,
    { fields: { CancellationReasons: reasons } },
  );
}
