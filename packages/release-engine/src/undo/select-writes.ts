import type { StepResult, UndoSelection } from "@slipway/contracts";
import { matchesFilter } from "../migrations/matches-filter.ts";
import { MIGRATION_KEY_PREFIX } from "../migrations/migration-work.ts";
import { sameValue } from "../migrations/same-value.ts";
import { SelectionDigest } from "./selection-digest.ts";
import { fateOf, type WindowChange } from "./window-change.ts";

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
  const { fates, keyPrefix, touched = [], before, after } = select;
  const key = change.key[partitionKey];
  return (
    !String(key).startsWith(MIGRATION_KEY_PREFIX) &&
    (fates?.includes(fateOf(change)) ?? true) &&
    (keyPrefix === undefined || (typeof key === "string" && key.startsWith(keyPrefix))) &&
    touched.every((name) => !sameValue(change.before?.[name], change.after?.[name])) &&
    (before === undefined || (change.before !== undefined && matchesFilter(change.before, before))) &&
    (after === undefined || (change.after !== undefined && matchesFilter(change.after, after)))
  );
}

/** What a selection comes to. */
export interface SelectedWrites extends StepResult<"data.select"> {
  /** Deletions that were left out only because something was asked of an image after, of which they have none. */
  readonly unseenDeletions: number;
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
  let unseenDeletions = 0;
  for await (const change of changes) {
    const fate = fateOf(change);
    if (isSelected(select, keyed, change)) {
      counts[fate] += 1;
      digest.add(change);
      onSelected(change);
    } else if (fate === "deleted" && isSelected(withoutAfter, keyed, change)) {
      unseenDeletions += 1;
    }
  }
  const items = counts.made + counts.changed + counts.deleted;
  return { items, ...counts, digest: digest.digest(), unseenDeletions };
}
