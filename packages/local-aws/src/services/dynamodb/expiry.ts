import { attributeOf, type Item } from "./attribute-value.ts";
import type { Table } from "./table.ts";

/** Times of expiry that lie further back are taken for mistakes, and the item is kept. */
const TOO_OLD_SECONDS = 5 * 365 * 24 * 60 * 60;

/** Longest time in seconds that fits the keys below: the year 33658. */
const LATEST_SECONDS = 1e12 - 1;

/**
 * When an item expires, in seconds since the epoch; `undefined` when it does not: no such attribute, not a number, or more than
 * five years ago.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
 */
export function expiryOf(item: Item, attribute: string, nowMs: number): number | undefined {
  const value = attributeOf(item, attribute)?.N;
  const seconds = value === undefined ? Number.NaN : Math.floor(Number(value));
  return seconds >= nowMs / 1000 - TOO_OLD_SECONDS && seconds <= LATEST_SECONDS ? seconds : undefined;
}

/** The key of an item in its table's list of items by time of expiry. */
export function expiryKey(table: Table, seconds: number, key: string): string {
  return `${expiryBound(table, seconds)}/${key}`;
}

/** Sorts before all items that expire at this second or later. */
export function expiryBound(table: Table, seconds: number): string {
  return table.expiryPrefix + String(Math.max(0, seconds)).padStart(12, "0");
}

/** The opposite of {@link expiryKey}. */
export function parseExpiryKey(table: Table, fullKey: string): { seconds: number; key: string } {
  const rest = fullKey.slice(table.expiryPrefix.length);
  return { seconds: Number(rest.slice(0, 12)), key: rest.slice(13) };
}
