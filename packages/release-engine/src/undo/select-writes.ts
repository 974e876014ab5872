import type { StepResult, UndoSelection } from "@slipway/contracts";
import { matchesFilter } from "../migrations/matches-filter.ts";
import { MIGRATION_KEY_PREFIX } from "../migrations/migration-work.ts";
import { sameValue } from "../migrations/same-value.ts";
import { SelectionDigest } from "./selection-digest.ts";
import { fateOf, type WindowChange } from "./window-change.ts";

/**
 * What expired longer ago than five years DynamoDB leaves alone: a 0 keeps an item for ever.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
const EXPIRES_FOR_MS = 5 * 365 * 24 * 3_600_000;

/** Name of the table's partition key. */
interface Keyed {
  readonly partitionKey: string;
}

/**
 * Whether a change is one of those that are meant. Pure.
 *
 * What migrations have noted about themselves in the table is none of its items: an undo of it would let one run again, or lose its place.
 * What is asked of an image that is not there does not hold: an item that was deleted has no image after, whatever wrote it last.
 */
export function isSelected(select: UndoSelection, { partitionKey }: Keyed, change: WindowChange): boolean {
  const { fates, keyPrefix, touched = [], before, after, expiry } = select;
  const key = change.key[partitionKey];
  return (
    !String(key).startsWith(MIGRATION_KEY_PREFIX) &&
    (fates?.includes(fateOf(change)) ?? true) &&
    (keyPrefix === undefined || (typeof key === "string" && key.startsWith(keyPrefix))) &&
    touched.every((name) => !sameValue(change.before?.[name], change.after?.[name])) &&
    (before === undefined || (change.before !== undefined && matchesFilter(change.before, before))) &&
    (after === undefined || (change.after !== undefined && matchesFilter(change.after, after))) &&
    (expiry === undefined || !hadExpired(change, expiry))
  );
}

/** Whether an item was deleted that DynamoDB deletes by itself: it would do so again. */
function hadExpired({ before, after, at }: WindowChange, expiry: string): boolean {
  const seconds = before?.[expiry];
  if (after !== undefined || typeof seconds !== "number") {
    return false;
  }
  const ago = at - seconds * 1000;
  return ago >= 0 && ago <= EXPIRES_FOR_MS;
}

/** What a selection comes to. */
export interface SelectedWrites extends StepResult<"data.select"> {
  /** Deletions that were left out only because something was asked of an image after, of which they have none. */
  readonly unseenDeletions: number;
  /** Deletions that were left out only because the items had expired. */
  readonly expiredDeletions: number;
}

/**
 * Picks the changes that are meant, as they come.
 *
 * @param onSelected awaited for each of them
 * @returns counts, and a digest that is the same for the same selection in whatever order it comes
 */
export async function selectWrites(
  changes: AsyncIterable<WindowChange>,
  select: UndoSelection,
  keyed: Keyed,
  onSelected: (change: WindowChange) => void = () => {},
): Promise<SelectedWrites> {
  const digest = new SelectionDigest();
  const counts = { made: 0, changed: 0, deleted: 0 };
  const { after: _, ...withoutAfter } = select;
  const { expiry: __, ...withoutExpiry } = select;
  const leftOut = { unseenDeletions: 0, expiredDeletions: 0 };
  for await (const change of changes) {
    const fate = fateOf(change);
    if (isSelected(select, keyed, change)) {
      counts[fate] += 1;
      digest.add(change);
      onSelected(change);
    } else if (fate === "deleted") {
      leftOut.unseenDeletions += isSelected(withoutAfter, keyed, change) ? 1 : 0;
      leftOut.expiredDeletions += isSelected(withoutExpiry, keyed, change) ? 1 : 0;
    }
  }
  const items = counts.made + counts.changed + counts.deleted;
  return { items, ...counts, digest: digest.digest(), ...leftOut };
}
