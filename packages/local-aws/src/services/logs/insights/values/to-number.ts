import type { Value } from "./value.ts";

const NUMERIC = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** The number that a value is or spells out; `undefined` for everything else. Logs are text: `"12"` counts as 12. */
export function toNumber(value: Value): number | undefined {
  switch (typeof value) {
    case "number":
      return value;
    case "boolean":
      return value ? 1 : 0;
    case "string":
      return NUMERIC.test(value) ? Number(value) : undefined;
    default:
      return undefined;
  }
}
