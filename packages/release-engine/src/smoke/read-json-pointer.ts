/**
 * Follows a JSON pointer (RFC 6901).
 *
 * @returns undefined where it leads to nothing
 */
export function readJsonPointer(document: unknown, pointer: string): unknown {
  if (pointer === "") {
    return document;
  }
  let value = document;
  for (const part of pointer.slice(1).split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) {
      return undefined;
    }
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return value;
}
