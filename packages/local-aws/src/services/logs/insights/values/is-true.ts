import { toNumber } from "./to-number.ts";
import type { Value } from "./value.ts";

/** Whether a value passes as a condition: truth itself, or a number that is not 0 (`strcontains` answers 1). */
export function isTrue(value: Value): boolean {
  return typeof value === "boolean" ? value : (toNumber(value) ?? 0) !== 0;
}
