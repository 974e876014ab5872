/** Of a pointer, before its characters are encoded. */
const MAX_LENGTH = 200;

/**
 * A JSON pointer (RFC 6901) in its URI fragment form, as in the examples of RFC 9457. Cut where a client has sent absurdly long names.
 *
 * @param path names of members, from the outermost
 */
export function pointerTo(path: readonly string[]): string {
  return toFragment(path.map((name) => `/${escapeName(name)}`).join(""));
}

/** The fragment form of a pointer in its plain form (`/attributes/a~1b`). */
export function toFragment(pointer: string): string {
  return `#${pointer.slice(0, MAX_LENGTH).toWellFormed().split("/").map(encodeURIComponent).join("/")}`;
}

/** A name as it stands in a pointer. */
export function escapeName(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
