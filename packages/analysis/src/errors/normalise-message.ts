import { cutText } from "./cut-text.ts";

/** What is looked at of a message; no more of it is needed to tell one from another. */
const LOOKED_AT = 2_000;
const LONGEST_MESSAGE = 300;

const KINDS: readonly (readonly [RegExp, string | ((text: string) => string)])[] = [
  [/\s+/g, " "],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>)\],]+/gi, normaliseUrl],
  [/\barn:aws[\w-]*:[^\s"'`)\],]+/g, "<arn>"],
  // Quoted, unless the quote is an apostrophe within a word or at the end of one.
  [/(?<!\w)"[^"]*"|(?<!\w)'[^']*'(?!\w)|`[^`]*`/g, "<value>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<uuid>"],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, "<time>"],
  [/[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g, "<address>"],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, "<ip>"],
  [/\b0x[0-9a-f]+\b/gi, "<hex>"],
  [/\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b/gi, "<hex>"],
  // Request ids, tokens, keys: long, with digits and letters.
  [/\b(?=[A-Za-z_-]*\d)(?=[\d_-]*[A-Za-z])[A-Za-z0-9_-]{16,}/g, "<id>"],
  [/(?:(?<!\w)[-+])?\d+(?:[.,_]\d+)*(?:e[-+]?\d+)?/gi, "<number>"],
];

/** A message with what varies from one event to the next replaced by its kind, and of a bounded length. */
export function normaliseMessage(message: string): string {
  const normalised = KINDS.reduce(
    (text, [pattern, replacement]) =>
      typeof replacement === "string" ? text.replace(pattern, replacement) : text.replace(pattern, replacement),
    message.slice(0, LOOKED_AT),
  );
  return cutText(normalised.trim(), LONGEST_MESSAGE);
}

/** Keeps the host and those parts of the path that look like names. */
function normaliseUrl(url: string): string {
  const [address = "", query] = url.split(/[?#]/, 2);
  const segments = address
    .split("/")
    .map((segment, index) => (index > 2 && (/\d/.test(segment) || segment.length > 24) ? "<id>" : segment));
  return `${segments.join("/")}${query === undefined ? "" : "?<query>"}`;
}
