import { formatValue } from "./format-value.ts";
import { toNumber } from "./to-number.ts";
import type { Value } from "./value.ts";

/**
 * The order of the `sort` command, ascending: missing values, then texts by natural sorting, then numbers.
 *
 * @returns below, at or above 0
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html
 */
export function naturalOrder(left: Value, right: Value): number {
  if (typeof left === "number" && typeof right === "number") {
    return left - right;
  }
  if (left === undefined || right === undefined) {
    return Number(left !== undefined) - Number(right !== undefined);
  }
  const leftNumber = toNumber(left);
  const rightNumber = toNumber(right);
  if (leftNumber === undefined && rightNumber === undefined) {
    return compareTexts(textOf(left), textOf(right));
  }
  if (leftNumber === undefined || rightNumber === undefined) {
    return Number(leftNumber !== undefined) - Number(rightNumber !== undefined);
  }
  return leftNumber - rightNumber || compareCharacters(textOf(left), textOf(right));
}

const textOf = (value: Value): string => formatValue(value, "raw") ?? "";

/** Piece by piece: digits by how many they are and then by their size, everything else by its characters. */
function compareTexts(left: string, right: string): number {
  const leftPieces = left.match(PIECES) ?? [];
  const rightPieces = right.match(PIECES) ?? [];
  for (let index = 0; index < leftPieces.length && index < rightPieces.length; index++) {
    const order = comparePieces(leftPieces[index] ?? "", rightPieces[index] ?? "");
    if (order !== 0) {
      return order;
    }
  }
  return leftPieces.length - rightPieces.length;
}

const PIECES = /\d+|\D+/g;

function comparePieces(left: string, right: string): number {
  const areNumbers = isDigit(left) && isDigit(right);
  return areNumbers && left.length !== right.length ? left.length - right.length : compareCharacters(left, right);
}

const isDigit = (piece: string): boolean => piece.charCodeAt(0) >= 48 && piece.charCodeAt(0) <= 57;

function compareCharacters(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
