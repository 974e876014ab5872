/** What must not reach a log in a text that somebody else wrote, such as an error's message. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // JSON Web Tokens, wherever they stand.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[token]"],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, "$1 [redacted]"],
  // Access keys of AWS, and secrets that are given as name=value or name: value.
  [/\b(AKIA|ASIA)[A-Z2-7]{12,}\b/g, "[access key]"],
  [
    /\b((?:x-amz-security-token|authorization|cookie|set-cookie|x-api-key|password|secret)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;]+)/gi,
    "$1[redacted]",
  ],
  [/[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g, "[address]"],
];

/** A text without tokens, keys, passwords and mail addresses. */
export function redact(text: string): string {
  return SECRETS.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text);
}

/** Headers whose values say nothing about a person and open nothing. All others are logged by name only. */
const HARMLESS = new Set([
  "accept",
  "accept-encoding",
  "content-length",
  "content-type",
  "if-match",
  "if-none-match",
  "origin",
  "x-amzn-trace-id",
]);

/** Request headers as they may be logged. */
export function redactHeaders(headers: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...headers].map(([name, value]) => [name, HARMLESS.has(name) ? value : "[redacted]"]));
}
