import type { Operation } from "../api.ts";
import { etagOf } from "../etag.ts";
import type { Item } from "../item.ts";
import { readItemContent } from "../item-content.ts";
import { Problem } from "../problem.ts";
import { readJsonBody } from "../read-json-body.ts";

export const createItem: Operation = async (request, { store, now, newId }) => {
  const createdAt = now();
  const content = readItemContent(readJsonBody(request, ["application/json"]), createdAt);
  const time = createdAt.toISOString();
  const item: Item = { id: newId(), ...content, createdAt: time, updatedAt: time, version: 1 };

  if ((await store.create(item)) === "conflict") {
    throw new Problem("conflict", "The id that was chosen for the item is taken. Repeat the request.");
  }
  return { status: 201, headers: { ETag: etagOf(item), Location: locationOf(item, request.path) }, body: item };
};

/** Relative to the request's URL (RFC 9110, section 10.2.2), so it holds behind every stage name and base path. */
function locationOf(item: Item, requestPath: string): string {
  return requestPath.endsWith("/") ? `./${item.id}` : `./items/${item.id}`;
}
