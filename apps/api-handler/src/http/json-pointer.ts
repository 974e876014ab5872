const MAX_LENGTH = 200;

/**
 * A JSON pointer (RFC 6901) in its URI fragment form, as in the examples of RFC 9457. Cut where a client has sent absurdly long names.
 *
 * @param path names of members, from the outermost
 */
export function pointerTo(path: readonly string[]): string {
  const escaped = path.map((name) => name.toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1"));
  return ["#", ...escaped.map(encodeURIComponent)].join("/").slice(0, MAX_LENGTH);
}

/** The fragment form of a pointer in its plain form (`/attributes/a~1b`). */
export function toFragment(pointer: string): string {
  return `#${pointer.split("/").map(encodeURIComponent).join("/")}`.slice(0, MAX_LENGTH);
}
