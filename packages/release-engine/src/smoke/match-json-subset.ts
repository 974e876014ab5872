import type { Json } from "@slipway/contracts";

/**
 * Holds an answer against what is expected of it: objects may have more keys, lists more elements, in any order; everything
 * else must be equal.
 *
 * @returns undefined when it matches, else where it does not and why: `/items/0/id: expected "a", got "b"`
 */
export function matchJsonSubset(expected: Json, actual: unknown, pointer = ""): string | undefined {
  const where = pointer === "" ? "the body" : pointer;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) {
      return `${where}: expected a list, got ${show(actual)}`;
    }
    // Greedy is enough to be understood, but not always right: two expected elements may fit the same actual one.
    const free = [...actual];
    for (const [index, element] of expected.entries()) {
      const at = free.findIndex((candidate) => matchJsonSubset(element, candidate) === undefined);
      if (at < 0) {
        return `${pointer}/${index}: no element of the ${actual.length} matches ${show(element)}`;
      }
      free.splice(at, 1);
    }
    return undefined;
  }
  if (typeof expected === "object" && expected !== null) {
    if (typeof actual !== "object" || actual === null || Array.isArray(actual)) {
      return `${where}: expected an object, got ${show(actual)}`;
    }
    const values: Record<string, unknown> = { ...actual };
    for (const [key, value] of Object.entries(expected)) {
      const below = `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (!Object.hasOwn(values, key)) {
        return `${below}: expected ${show(value)}, is missing`;
      }
      const mismatch = matchJsonSubset(value, values[key], below);
      if (mismatch !== undefined) {
        return mismatch;
      }
    }
    return undefined;
  }
  return Object.is(expected, actual) ? undefined : `${where}: expected ${show(expected)}, got ${show(actual)}`;
}

const maxShown = 200;

function show(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > maxShown ? `${text.slice(0, maxShown)}...` : text;
}
