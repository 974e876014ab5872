import { formatValue } from "./format-value.ts";
import { toNumber } from "./to-number.ts";
import type { Value } from "./value.ts";

/** Operators that compare two values. */
export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";

/**
 * Compares as the `filter` command does: numbers and texts that spell numbers by their size, other texts by their characters. A
 * missing value is equal to nothing, so that `!=` holds for it; sizes of a number and of another text cannot be compared.
 */
export function compareValues(operator: Comparison, left: Value, right: Value): boolean {
  const order = orderOf(left, right);
  switch (operator) {
    case "=":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

/** Below, at or above 0; NaN where there is no order. */
function orderOf(left: Value, right: Value): number {
  if (left === undefined || right === undefined) {
    return Number.NaN;
  }
  const leftNumber = toNumber(left);
  const rightNumber = toNumber(right);
  if (leftNumber !== undefined && rightNumber !== undefined) {
    return leftNumber < rightNumber ? -1 : leftNumber > rightNumber ? 1 : leftNumber === rightNumber ? 0 : Number.NaN;
  }
  if (leftNumber !== undefined || rightNumber !== undefined) {
    return Number.NaN;
  }
  const leftText = formatValue(left, "raw") ?? "";
  const rightText = formatValue(right, "raw") ?? "";
  return leftText < rightText ? -1 : leftText > rightText ? 1 : 0;
}
