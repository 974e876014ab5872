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
    const members = value as Readonly<Record<string, unknown>>;
    let text = "";
    // Sorted by UTF-16, as sort() does by itself.
    for (const name of Object.keys(members).sort()) {
      const member = members[name];
      if (member !== undefined) {
        text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${canonicalJson(member)}`;
      }
    }
    return `{${text}}`;
  }
  if (typeof value === "string" || typeof value === "boolean" || value === null || Number.isFinite(value)) {
    return JSON.stringify(value);
  }
  throw new TypeError(`JSON cannot hold ${typeof value === "number" ? String(value) : `a ${typeof value}`}`);
}
