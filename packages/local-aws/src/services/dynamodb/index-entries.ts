import { attributeOf, type Item } from "./attribute-value.ts";
import { indexKeyOf } from "./dynalite.ts";
import { itemSize, writeUnits } from "./item-size.ts";
import type { CountDelta, Operation } from "./item-store.ts";
import type { Index, Table } from "./table.ts";

/** What an item's change does to one index. */
export interface IndexChange {
  readonly operations: readonly Operation[];
  readonly count: CountDelta;
  /** Write capacity units that it costs: none when the index does not change. */
  readonly units: number;
}

interface Entry {
  readonly key: string;
  readonly text: string;
  readonly bytes: number;
}

/**
 * The writes that keep an index in step with an item.
 *
 * @param key - the item's place in its table, which also tells entries of equal index keys apart
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
export function changeIndex(
  table: Table,
  index: Index,
  key: string,
  before: Item | undefined,
  after: Item | undefined,
): IndexChange | undefined {
  const old = before && entryOf(table, index, key, before);
  const next = after && entryOf(table, index, key, after);
  if (old === undefined && next === undefined) {
    return undefined;
  }
  const moved = old !== undefined && next?.key !== old.key;
  const written = next !== undefined && (old === undefined || moved || next.text !== old.text);
  if (!moved && !written) {
    return undefined;
  }
  const operations: Operation[] = [];
  let units = 0;
  if (old !== undefined && moved) {
    operations.push({ type: "del", key: old.key });
    units += writeUnits(old.bytes);
  }
  if (next !== undefined && written) {
    operations.push({ type: "put", key: next.key, value: next.text });
    units += writeUnits(moved || old === undefined ? next.bytes : Math.max(old.bytes, next.bytes));
  }
  const count = {
    tableId: table.storeId,
    indexId: index.id,
    items: (next === undefined ? 0 : 1) - (old === undefined ? 0 : 1),
    bytes: (next?.bytes ?? 0) - (old?.bytes ?? 0),
  };
  return { operations, count, units };
}

/** The item's entry in an index; none when it lacks one of the index's key attributes. */
function entryOf(table: Table, index: Index, key: string, item: Item): Entry | undefined {
  for (const { AttributeName } of index.shape.KeySchema) {
    if (attributeOf(item, AttributeName) === undefined) {
      return undefined;
    }
  }
  const entry = index.projected === undefined ? item : pick(item, index.projected);
  return {
    key: index.prefix + indexKeyOf(item, table.shape, index.shape) + key,
    text: JSON.stringify(entry),
    bytes: itemSize(entry),
  };
}

function pick(item: Item, names: readonly string[]): Item {
  const picked: Item = {};
  for (const name of names) {
    const value = attributeOf(item, name);
    if (value !== undefined) {
      picked[name] = value;
    }
  }
  return picked;
}
