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

/**
 * Decides about an item from what it is now. Pure: whoever decides again after a write, of this run or of one that was killed, finds `there`.
 *
 * @param current absent when it is not there
 */
export function decideUndo({ from, to }: ItemSwap, current: DocumentRecord | undefined): UndoDecision {
  if (isSame(current, to)) {
    return "there";
  }
  if (!isSame(current, from)) {
    return "conflict";
  }
  return from !== undefined && guardedNames(from, to).size > MOST_ATTRIBUTES ? "unwritable" : "write";
}

/** Every attribute that a write is conditional on: what is there must be so, and what is to be added must not be there. */
function guardedNames(from: DocumentRecord, to: DocumentRecord | undefined): ReadonlySet<string> {
  return new Set([...Object.keys(from), ...Object.keys(to ?? {})]);
}

function isSame(left: DocumentRecord | undefined, right: DocumentRecord | undefined): boolean {
  return left === undefined || right === undefined ? left === right : sameValue(left, right);
}
