import type { DocumentRecord } from "@slipway/contracts";
import { sameValue } from "../migrations/same-value.ts";
import type { ItemSwap } from "../ports/undo-table.ts";

/**
 * What is done about an item:
 *
 * - `write`: it is exactly as the bad write left it, so the wanted image is written
 * - `there`: it has the wanted image already
 * - `conflict`: somebody else has changed it since
 * - `unwritable`: no condition could say that it is as the bad write left it, so nothing is written
 */
export type UndoDecision = "write" | "there" | "conflict" | "unwritable";

/** DynamoDB takes 300 operators and functions in an expression; each attribute needs a comparison and an AND. */
const MOST_ATTRIBUTES = 148;
/** DynamoDB takes expressions of 4,096 bytes; the update is always shorter than its condition. */
const MOST_BYTES = 4_096;
const PRESENT_BYTES = "#123 = :123 AND ".length;
const ABSENT_BYTES = "attribute_not_exists(#123) AND ".length;

/**
 * Decides about an item from what it is now. Pure: whoever decides again after a write, of this run or of one that was killed, finds `there`.
 *
 * @param current absent when it is not there
 */
export function decideUndo({ from, to }: ItemSwap, current: DocumentRecord | undefined): UndoDecision {
  if (sameValue(current, to)) {
    return "there";
  }
  if (!sameValue(current, from)) {
    return "conflict";
  }
  return from === undefined || canBeGuarded(from, to) ? "write" : "unwritable";
}

/** Every attribute is in the condition of a write: what is there must be so, and what is to be added must not be there. */
function canBeGuarded(from: DocumentRecord, to: DocumentRecord = {}): boolean {
  const present = Object.keys(from).length;
  const absent = Object.keys(to).filter((name) => !Object.hasOwn(from, name)).length;
  const bytes = present * PRESENT_BYTES + absent * ABSENT_BYTES;
  return present + absent <= MOST_ATTRIBUTES && bytes <= MOST_BYTES;
}
