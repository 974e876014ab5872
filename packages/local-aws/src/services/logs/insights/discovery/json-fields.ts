import { isStructure, type Value } from "../values/value.ts";

/** Fields that CloudWatch Logs discovers in one JSON event. */
export const MAX_JSON_FIELDS = 200;
/** A field takes no less than this many characters, so that shorter events cannot have too many: `"":1,` */
const LEAST_FIELD_LENGTH = 5;

/** Makes a reader of one field from a parsed event: by dots into objects and by position into lists. */
export function jsonFieldReader(name: string): (root: unknown, length: number) => Value {
  // A field that begins with @ has one more in front.
  const key = name.startsWith("@@") ? name.slice(1) : name;
  const parts = key.split(".");
  return (root, length) => {
    const value = find(root, parts, 0);
    return value !== undefined && length > MAX_JSON_FIELDS * LEAST_FIELD_LENGTH && !isDiscovered(root, key)
      ? undefined
      : value;
  };
}

/** All discovered fields of a parsed event, in order. */
export function* jsonFields(root: unknown): Generator<[name: string, value: Value]> {
  let count = 0;
  for (const [name, value] of leaves(root, "")) {
    if (++count > MAX_JSON_FIELDS) {
      return;
    }
    yield [name.startsWith("@") ? `@${name}` : name, value];
  }
}

function isDiscovered(root: unknown, key: string): boolean {
  let count = 0;
  for (const [name] of leaves(root, "")) {
    if (++count > MAX_JSON_FIELDS) {
      return false;
    }
    if (name === key) {
      return true;
    }
  }
  return false;
}

function find(node: unknown, parts: readonly string[], from: number): Value {
  if (from === parts.length) {
    return isStructure(node) || node === null ? undefined : (node as Value);
  }
  if (Array.isArray(node)) {
    return /^\d+$/.test(parts[from] ?? "") ? find(node[Number(parts[from])], parts, from + 1) : undefined;
  }
  if (!isStructure(node)) {
    return undefined;
  }
  // Names may have dots of their own: the longest part that is a name is not known beforehand.
  for (let to = from + 1, name = parts[from] ?? ""; ; name += `.${parts[to++]}`) {
    if (Object.hasOwn(node, name)) {
      const found = find((node as Record<string, unknown>)[name], parts, to);
      if (found !== undefined) {
        return found;
      }
    }
    if (to >= parts.length) {
      return undefined;
    }
  }
}

function* leaves(node: unknown, name: string): Generator<[string, Value]> {
  if (isStructure(node)) {
    for (const [key, value] of Object.entries(node)) {
      yield* leaves(value, name === "" ? key : `${name}.${key}`);
    }
  } else if (node !== null && node !== undefined && name !== "") {
    yield [name, node as Value];
  }
}
