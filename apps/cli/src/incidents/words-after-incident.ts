import { UserError } from "../user-error.ts";

/** What looks like an incident: `i3`, and what somebody may have taken for one. */
const LIKE_ID = /^i\d+$/i;

/**
 * Takes the words after the environment apart: the incident comes first, and can be left out.
 *
 * @param words as they were typed
 * @param names what the words after the incident are called
 * @throws UserError naming the word that is missing, or empty
 */
export function wordsAfterIncident<const Names extends readonly string[]>(
  words: readonly string[],
  names: Names,
): { readonly id: string | undefined; readonly words: { readonly [Index in keyof Names]: string } } {
  const isNamed = words.length > names.length || LIKE_ID.test(words[0] ?? "");
  const [id, rest] = isNamed ? [words[0], words.slice(1)] : [undefined, words];
  for (const [index, name] of names.entries()) {
    const word = rest[index];
    if (word === undefined || word.trim() === "") {
      throw new UserError(`${name}: is ${word === undefined ? "missing" : "empty"}.`);
    }
  }
  return { id, words: rest.map((word) => word.trim()) as { readonly [Index in keyof Names]: string } };
}
