import { type DocumentValue, ExactNumber } from "@slipway/contracts";

/** A copy that its reader can keep or try to change without touching the original. Lists and maps throw when they are changed. */
export function frozenCopy<T extends DocumentValue>(value: T): T {
  return copyOf(value) as T;
}

function copyOf(value: DocumentValue): DocumentValue {
  if (typeof value !== "object" || value === null || value instanceof ExactNumber) {
    return value;
  }
  if (value instanceof Uint8Array) {
    return value.slice();
  }
  if (value instanceof Set) {
    return new Set(value) as DocumentValue;
  }
  if (Array.isArray(value)) {
    return Object.freeze(value.map(copyOf));
  }
  return Object.freeze(
    Object.fromEntries(
      Object.entries(value as Record<string, DocumentValue>).map(([name, each]) => [name, copyOf(each)]),
    ),
  );
}
