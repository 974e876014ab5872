/**
 * What API Gateway does to headers on their way.
 *
 * Source: Amazon API Gateway developer guide, "Amazon API Gateway important notes" (for REST APIs): headers that are dropped from
 * requests, and headers of integrations' answers that come out as `x-amzn-Remapped-...`.
 */
const DROPPED_FROM_REQUEST = new Set([
  "connection",
  "content-length",
  "content-md5",
  "expect",
  "keep-alive",
  "max-forwards",
  "proxy-authenticate",
  "proxy-connection",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "www-authenticate",
]);

const REMAPPED_IN_RESPONSE = new Set([
  "authorization",
  "connection",
  "content-length",
  "content-md5",
  "date",
  "expect",
  "host",
  "max-forwards",
  "proxy-authenticate",
  "server",
  "trailer",
  "upgrade",
  "user-agent",
  "www-authenticate",
]);

/** Whether a header (in lower case) never reaches an integration. */
export function isDroppedFromRequest(name: string): boolean {
  return DROPPED_FROM_REQUEST.has(name);
}

/** The name under which a header of an integration's answer leaves the gateway; nothing for one that does not leave it. */
export function responseHeaderName(name: string): string | undefined {
  const key = name.toLowerCase();
  if (key === "transfer-encoding") {
    return undefined;
  }
  return REMAPPED_IN_RESPONSE.has(key) ? `x-amzn-Remapped-${name}` : name;
}

/** The headers of an answer, one entry per name whatever its case, for the endpoint to write. */
export class ResponseHeaders {
  readonly #entries = new Map<string, { name: string; values: string[] }>();

  /** Replaces a header. */
  set(name: string, value: string): void {
    this.#entries.set(name.toLowerCase(), { name, values: [value] });
  }

  /** Adds a value to a header. The last spelling of its name is the one that counts. */
  add(name: string, value: string): void {
    const entry = this.#entries.get(name.toLowerCase());
    this.#entries.set(name.toLowerCase(), { name, values: [...(entry?.values ?? []), value] });
  }

  get(name: string): string | undefined {
    return this.#entries.get(name.toLowerCase())?.values.at(-1);
  }

  toRecord(): Record<string, string | string[]> {
    return Object.fromEntries(
      [...this.#entries.values()].map(({ name, values }) => [name, values.length === 1 ? (values[0] ?? "") : values]),
    );
  }
}
