import { createHash, randomUUID } from "node:crypto";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import type { Item, ItemContent } from "./item.ts";
import * as store from "./item-store.ts";
import { mergePatch } from "./merge-patch.ts";
import { assertMatches, etagOf, isKnown, requireIfMatch } from "./preconditions.ts";
import { Problem } from "./problem.ts";
import { idempotencyKeySchema, idSchema, itemContentSchema, listQuerySchema } from "./schemas.ts";
import { validate } from "./validate.ts";

/** What an operation answers; the frameworks write it each in its own way. */
export interface Answer {
  readonly status: 200 | 201 | 204 | 304;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

const mostAttempts = 5;

/** POST /items */
export async function createItem(body: unknown, idempotencyKey: string | undefined): Promise<Answer> {
  const content = validate(itemContentSchema, body, "pointer");
  const time = new Date().toISOString();
  const item: Item = { id: randomUUID(), ...content, createdAt: time, updatedAt: time, version: 1 };
  if (idempotencyKey === undefined) {
    if (!(await store.createItem(item))) {
      throw new Problem("conflict", "The id that was chosen for the item is taken. Repeat the request.");
    }
    return created(item);
  }
  return createOnce(item, content, idempotencyKey);
}

async function createOnce(item: Item, content: ItemContent, key: string): Promise<Answer> {
  if (!idempotencyKeySchema.safeParse(key).success) {
    throw new Problem("invalid-request", "The Idempotency-Key header is not valid.", {
      errors: [{ detail: "Must have 1 to 255 visible ASCII characters", header: "Idempotency-Key" }],
    });
  }
  const bodyHash = sha256(JSON.stringify(content));
  const earlier = await store.createItemOnce(item, `idempotency#${sha256(key)}`, bodyHash);
  if (earlier === undefined) {
    return created(item);
  }
  if (earlier.bodyHash !== bodyHash) {
    throw new Problem("idempotency-key-reused", "The Idempotency-Key came with another body before.", {
      errors: [{ detail: "Was used for another body", header: "Idempotency-Key" }],
    });
  }
  const { headers, ...rest } = created(earlier.item);
  return { ...rest, headers: { ...headers, "Idempotent-Replayed": "true" } };
}

/** GET /items */
export async function listItems(query: Readonly<Record<string, unknown>>): Promise<Answer> {
  const { status, order, limit, cursor } = validate(listQuerySchema, query, "parameter");
  const list = `${status} ${order}`;
  const after = cursor === undefined ? undefined : decodeCursor(list, cursor);
  const { items, next } = await store.listItems({ status, order, limit, after });
  return { status: 200, body: { items, nextCursor: next && encodeCursor(list, next) } };
}

/** GET /items/{id} */
export async function getItem(id: string, ifNoneMatch: string | undefined): Promise<Answer> {
  const item = await find(id);
  const headers = { ETag: etagOf(item) };
  return isKnown(ifNoneMatch, item) ? { status: 304, headers } : { status: 200, headers, body: item };
}

/** PUT /items/{id} */
export async function replaceItem(id: string, ifMatch: string | undefined, body: unknown): Promise<Answer> {
  const match = requireIfMatch(ifMatch);
  const content = validate(itemContentSchema, body, "pointer");
  return change(id, match, (current) => rewrite(current, content));
}

/** PATCH /items/{id} */
export async function patchItem(id: string, ifMatch: string | undefined, patch: unknown): Promise<Answer> {
  const match = requireIfMatch(ifMatch);
  return change(id, match, (current) => {
    const { id: _, createdAt: __, updatedAt: ___, version: ____, ...content } = current;
    const present = Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined));
    return rewrite(current, validate(itemContentSchema, mergePatch(present, patch), "pointer"));
  });
}

/** DELETE /items/{id} */
export async function deleteItem(id: string, ifMatch: string | undefined): Promise<Answer> {
  return change(id, requireIfMatch(ifMatch), async ({ version }) =>
    (await store.deleteItem(id, version)) ? { status: 204 } : "conflict",
  );
}

/** GET /health */
export async function health(): Promise<Answer> {
  return { status: 200, body: { status: "ok" } };
}

/** GET /health/deep */
export async function deepHealth(): Promise<Answer> {
  await store.probeTable();
  return { status: 200, body: { status: "ok" } };
}

async function change(
  id: string,
  ifMatch: string,
  write: (current: Item) => Promise<Answer | "conflict">,
): Promise<Answer> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const current = await find(id);
    assertMatches(ifMatch, current);
    const answer = await write(current);
    if (answer !== "conflict") {
      return answer;
    }
  }
  throw new Problem("conflict", `The item was changed by others ${mostAttempts} times meanwhile. Repeat the request.`);
}

async function rewrite(current: Item, content: ItemContent): Promise<Answer | "conflict"> {
  const { id, createdAt, version } = current;
  const item: Item = { id, ...content, createdAt, updatedAt: new Date().toISOString(), version: version + 1 };
  const isWritten = await store.replaceItem(item, version);
  return isWritten ? { status: 200, headers: { ETag: etagOf(item) }, body: item } : "conflict";
}

async function find(id: string): Promise<Item> {
  const item = idSchema.safeParse(id).success ? await store.getItem(id) : undefined;
  if (item === undefined) {
    throw new Problem("not-found", "There is no item with this id.");
  }
  return item;
}

function created(item: Item): Answer {
  return { status: 201, headers: { ETag: etagOf(item), Location: `./items/${item.id}` }, body: item };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
