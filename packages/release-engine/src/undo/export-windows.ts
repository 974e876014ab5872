import { ReleaseError } from "../release-error.ts";

/** A stretch of time, in milliseconds since the epoch, whole seconds; `to` is not part of it. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** What has to be exported so that the changes of a window are known exactly. */
export interface ExportWindows {
  /** One after the other. Of a window that is shorter than AWS exports, one that is longer than the window. */
  readonly pieces: readonly TimeWindow[];
  /** Where the piece is longer than the window: begins at the window's end. */
  readonly after?: TimeWindow;
}

/** What AWS exports incrementally: 15 minutes to 24 hours. */
const SHORTEST_MS = 15 * 60_000;
const LONGEST_MS = 24 * 3_600_000;
/** How long point-in-time recovery keeps changes at most. */
const KEPT_MS = 35 * LONGEST_MS;

/**
 * The exports that a window needs. Its beginning is kept to the second, because what an item was like right before it is what is written
 * back. Where AWS wants a longer window, the end is moved, and what items were like at the window's own end is told by a second export:
 *
 * ```
 *   window   12:00 ── 12:04                                      shorter than 15 minutes
 *   piece    12:00 ─────────────────────── 12:15                 before: at 12:00; after: where it was changed last before 12:04
 *   after             12:04 ─────────────────────── 12:19        before: at 12:04, of items that were changed after that
 * ```
 *
 * A window of more than 24 hours is cut into equal pieces.
 *
 * @param now on the target's clock
 * @throws {ReleaseError} `usage` when it ends before it begins or in the future, is longer than anything that AWS keeps, or cannot be exported
 *   yet: says when
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.HowItWorks.html
 */
export function exportWindows({ from, to }: TimeWindow, now: number): ExportWindows {
  if (to <= from) {
    throw refused(
      `It ends (${iso(to)}) before it begins (${iso(from)})`,
      "--since is right before the first bad write, --until right after the last",
    );
  }
  if (to > now) {
    throw refused(
      `It ends at ${iso(to)}, and it is ${iso(now)} now`,
      "give an --until that has passed: the moment after the last bad write",
    );
  }
  if (now - from > KEPT_MS) {
    throw refused(
      `It begins at ${iso(from)}, and AWS keeps changes for 35 days at most`,
      "restore the table from a backup",
    );
  }
  if (to - from >= SHORTEST_MS) {
    return { pieces: pieces({ from, to }) };
  }
  const after = { from: to, to: to + SHORTEST_MS };
  if (after.to > now) {
    throw refused(
      `AWS exports 15 minutes at least, so what happened until ${iso(to)} can be told from ${iso(after.to)} on; it is ${iso(now)} now`,
      `type the same command again at ${iso(after.to)}; until then, stop whatever writes badly`,
    );
  }
  return { pieces: [{ from, to: from + SHORTEST_MS }], after };
}

function pieces({ from, to }: TimeWindow): readonly TimeWindow[] {
  const number = Math.ceil((to - from) / LONGEST_MS);
  const length = Math.ceil((to - from) / number / 1000) * 1000;
  return Array.from({ length: number }, (_, index) => ({
    from: from + index * length,
    to: Math.min(to, from + (index + 1) * length),
  }));
}

function refused(why: string, next: string): ReleaseError {
  return new ReleaseError({ kind: "usage", what: "The window cannot be looked at", why, next });
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}
