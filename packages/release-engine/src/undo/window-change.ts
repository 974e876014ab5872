import type { DocumentRecord, ItemFate } from "@slipway/contracts";

/** What became of one item from the beginning of a window to its end. At least one of the images is there, and they differ. */
export interface WindowChange {
  readonly key: DocumentRecord;
  /** What it was right before the window; absent when it was not there. */
  readonly before?: DocumentRecord;
  /** What it was when the window ended; absent when it was not there any more. */
  readonly after?: DocumentRecord;
  /** When it was changed last, in milliseconds since the epoch; where only a change after the window is known, the window's end. */
  readonly at: number;
}

export function fateOf({ before, after }: WindowChange): ItemFate {
  if (before === undefined) {
    return "made";
  }
  return after === undefined ? "deleted" : "changed";
}
