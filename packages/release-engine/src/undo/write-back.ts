import type { DocumentRecord, StepResult, UndoSelection } from "@slipway/contracts";
import { AdaptivePace } from "../adaptive-pace.ts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import { type MigrationRate, RateLimit } from "../migrations/rate-limit.ts";
import type { Clock } from "../ports/clock.ts";
import type { ItemSwap, UndoTable } from "../ports/undo-table.ts";
import { sideBySide } from "../side-by-side.ts";
import { decideUndo, type UndoDecision } from "./decide-undo.ts";
import { isSelected } from "./select-writes.ts";
import { SelectionDigest } from "./selection-digest.ts";
import type { WindowChange } from "./window-change.ts";

export interface WriteBackOptions {
  readonly changes: AsyncIterable<WindowChange>;
  readonly select: UndoSelection;
  /** Whether the images of the window's end are written: an undo is undone. */
  readonly isRedo: boolean;
  /** `look`: nothing is written, `written` counts what would be. */
  readonly mode: "write" | "look";
  readonly rate?: MigrationRate;
  readonly signal: AbortSignal;
  /** Told after each item how many were looked at. */
  readonly onProgress?: (seen: number) => void;
  /** Told of each item what was decided; `write` where it was written, or would be. Awaited. */
  readonly onItem?: (decided: DecidedItem) => void | Promise<void>;
}

/** An item, and what was decided about it. */
export interface DecidedItem extends ItemSwap {
  readonly decision: UndoDecision;
  /** What it is now, or was when it was decided; absent when it is not there. */
  readonly current?: DocumentRecord;
}

export type WriteBack = StepResult<"data.write-back">;

/** Items that are worked on at the same time; how many calls there are in all is the pace's business. */
const AT_ONCE = 16;
/** How often an item that others keep changing is decided again; each time it is found as the bad write left it, and is not by the time of the write. */
const DECISIONS = 5;

/**
 * Looks at each selected item, and writes the wanted image where the item is exactly as the bad write left it:
 *
 * ```
 *   item is            undo (bad -> good)             twice, or after a kill
 *   as it was bad      written, on that condition     good by then: there
 *   as it was good     there                          there
 *   anything else      conflict, left as it is        conflict
 * ```
 *
 * There is no memory but the table itself, so that whoever does it again, wherever the first was killed, comes to the same end.
 *
 * @throws {ReleaseError} `interrupted` when it was asked to stop; what is written stays
 */
export async function writeBack(
  {
    table,
    clock,
    random = Math.random,
  }: { readonly table: UndoTable; readonly clock: Clock; readonly random?: () => number },
  options: WriteBackOptions,
): Promise<WriteBack> {
  const { select, isRedo, mode, rate, onProgress, onItem } = options;
  const keyed = await table.describe(options.signal);
  const counts = { items: 0, restored: 0, written: 0, conflicts: 0, unwritable: 0 };
  // Counts alone cannot tell others from these, who takes the undo back.
  const digests = { written: new SelectionDigest(), restored: new SelectionDigest() };
  const limit = new RateLimit(rate, clock);
  const selected = picked(options.changes, (change) => isSelected(select, keyed, change));
  const what = () => `the write-back after ${counts.items.toLocaleString("en-US")} items of ${keyed.name}`;

  const settle = async (change: WindowChange, pace: AdaptivePace, signal: AbortSignal) => {
    const swap = swapOf(change, isRedo);
    const call = async <T extends { readonly readUnits: number } | { readonly writeUnits: number }>(
      send: () => Promise<T>,
      records: number,
    ): Promise<T> => {
      await limit.ready(signal, async () => {});
      const answer = await pace.run(send);
      limit.spend({ records, units: "readUnits" in answer ? answer.readUnits : answer.writeUnits });
      return answer;
    };
    for (let decisions = 1; ; decisions += 1) {
      const { record: current } = await call(() => table.read(swap.key, signal), decisions === 1 ? 1 : 0);
      const decision = decideUndo(swap, current);
      const isWritten =
        decision !== "write" || mode === "look" || (await call(() => table.swap(swap), 0)).outcome === "written";
      if (isWritten || decisions >= DECISIONS) {
        return { ...swap, ...(current && { current }), decision: isWritten ? decision : ("conflict" as const) };
      }
    }
  };

  await sideBySide(options.signal, what, (signal) => {
    const pace = new AdaptivePace({ clock, signal, random });
    const worker = async () => {
      // One generator for all of them: each takes the next change that nobody has taken.
      for (let next = await selected.next(); !next.done; next = await selected.next()) {
        assertNotInterrupted(signal, what());
        const decided = await settle(next.value, pace, signal);
        count(counts, decided.decision);
        if (decided.decision === "write") {
          digests.written.add(next.value);
        }
        if (decided.decision === "write" || decided.decision === "there") {
          digests.restored.add(next.value);
        }
        await onItem?.(decided);
        onProgress?.(counts.items);
      }
    };
    return Array.from({ length: AT_ONCE }, worker);
  }).finally(() => selected.return(undefined));
  return { ...counts, digests: { written: digests.written.digest(), restored: digests.restored.digest() } };
}

/** What is written in whose place. */
export function swapOf({ key, before, after }: WindowChange, isRedo: boolean): ItemSwap {
  const [from, to] = isRedo ? [before, after] : [after, before];
  return { key, ...(from && { from }), ...(to && { to }) };
}

async function* picked(
  changes: AsyncIterable<WindowChange>,
  isMeant: (change: WindowChange) => boolean,
): AsyncGenerator<WindowChange, undefined> {
  for await (const change of changes) {
    if (isMeant(change)) {
      yield change;
    }
  }
}

function count(counts: { -readonly [K in keyof Omit<WriteBack, "digests">]: number }, decision: UndoDecision): void {
  counts.items += 1;
  counts.written += decision === "write" ? 1 : 0;
  counts.restored += decision === "write" || decision === "there" ? 1 : 0;
  counts.conflicts += decision === "conflict" ? 1 : 0;
  counts.unwritable += decision === "unwritable" ? 1 : 0;
}
