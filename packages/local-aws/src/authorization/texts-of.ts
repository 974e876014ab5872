/** An element of a policy, which is one value or a list of them. */
export function listOf(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

/** The same as texts: booleans and numbers count as their text. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).map(String);
}
