import type { WireAnswer, WireRequest } from "@slipway/testing/openapi";
import type { Item } from "../items/item.ts";

/**
 * What a table must hold after the answers that were given, when requests come one after the other; says what is wrong with an answer by
 * that: an item is read as it was last written, a change raises the version by one, `If-Match` binds, what was deleted is gone.
 */
export class ItemModel {
  readonly items: Map<string, Item>;
  readonly #created: Set<string>;

  constructor(present: readonly Item[]) {
    this.items = new Map(present.map((item) => [item.id, item]));
    this.#created = new Set(this.items.keys());
  }

  /** Takes an answer in. */
  judge(request: WireRequest, { status, headers, body }: WireAnswer): string[] {
    const id = /^\/items\/([^/]+)\/?$/.exec(request.path)?.[1];
    const known = id === undefined ? undefined : this.items.get(id);
    if (request.method === "POST" && status === 201) return this.#create(JSON.parse(body), headers);
    if (id === undefined || status === 405 || status === 406) return [];
    if (status === 404) return known === undefined ? [] : ["an item that exists is not found"];
    if (status === 412) {
      return isNamed(request, "if-match", known) &&
        (request.method === "GET" || !isNamed(request, "if-none-match", known))
        ? ["the conditions hold for the version that is there"]
        : [];
    }
    if (status >= 300 && status !== 304) return [];
    if (request.method === "OPTIONS" || known === undefined) {
      return request.method === "OPTIONS" ? [] : ["an item that does not exist is there"];
    }
    const tag = headerOf(request, "if-match");
    if (tag !== undefined && !isNamed(request, "if-match", known))
      return [`If-Match ${tag} let version ${known.version} through`];
    if (request.method === "DELETE") {
      this.items.delete(id);
      return [];
    }
    return [
      ...(headers.get("etag") === etagAfter(request, known) ? [] : [`the ETag is ${headers.get("etag")}`]),
      ...(status === 304 ? [] : this.#read(request, known, JSON.parse(body))),
    ];
  }

  #create(item: Item, headers: ReadonlyMap<string, string>): string[] {
    const isReplayed = headers.has("idempotent-replayed");
    const isKnown = this.#created.has(item.id);
    if (!isReplayed) this.items.set(item.id, item);
    this.#created.add(item.id);
    if (isReplayed !== isKnown) return [isKnown ? "an id is used again" : "a replay of nothing"];
    return item.version === 1 && headers.get("etag") === '"1"' ? [] : ["a new item is not of version 1"];
  }

  #read(request: WireRequest, known: Item, item: Item): string[] {
    this.items.set(known.id, item);
    if (request.method === "GET") return isSame(item, known) ? [] : ["an item is not as it was written"];
    const { id, createdAt, version } = item;
    return isSame({ id, createdAt, version }, { id: known.id, createdAt: known.createdAt, version: known.version + 1 })
      ? []
      : ["a change did more than change the content and count on"];
  }
}

/** Whether a header with entity tags names the version that is there; weak tags name it in `If-None-Match` only. */
function isNamed(request: WireRequest, header: "if-match" | "if-none-match", known: Item | undefined): boolean {
  const tags = headerOf(request, header)?.split(",") ?? [];
  const names = ["*", `"${known?.version}"`, ...(header === "if-match" ? [] : [`W/"${known?.version}"`])];
  return known !== undefined && tags.some((tag) => names.includes(tag.trim()));
}

/** Several headers of one name are one list (RFC 9110, section 5.3). */
function headerOf({ headers }: WireRequest, header: string): string | undefined {
  const values = headers.filter(([name]) => name.toLowerCase() === header).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(",");
}

function etagAfter({ method }: WireRequest, { version }: Item): string {
  return `"${method === "GET" ? version : version + 1}"`;
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .map(([name, member]): [string, unknown] => [name, sorted(member)])
    .sort(([one], [other]) => (one < other ? -1 : 1));
}
