/**
 * A value as JSON in its one canonical form: members sorted by their names, no blanks. Two values that are the same give the same bytes,
 * which is what can be hashed.
 *
 * @throws {TypeError} for what JSON cannot hold: not a number, infinity, a function
 * @see https://www.rfc-editor.org/rfc/rfc8785 JSON Canonicalization Scheme: JavaScript's own numbers and escapes, and names sorted by UTF-16
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map((each) => canonicalJson(each)).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  if (typeof value === "string" || typeof value === "boolean" || value === null || Number.isFinite(value)) {
    return JSON.stringify(value);
  }
  throw new TypeError(`JSON cannot hold ${typeof value === "number" ? String(value) : `a ${typeof value}`}`);
}
