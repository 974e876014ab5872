import type { ApiRequest } from "./api.ts";
import { assertIfMatch } from "./etag.ts";
import { findItem } from "./find-item.ts";
import type { Item } from "./item.ts";
import type { ItemStore } from "./item-store.ts";
import { Problem } from "./problem.ts";

const MAX_ATTEMPTS = 5;

/**
 * Reads an item, holds it against `If-Match` and lets `write` change it, on condition that nobody else did meanwhile.
 *
 *     read v3 ── If-Match? ── write if still v3 ── written
 *        └────── conflict: read again ──┘
 *
 * Whoever sent `If-Match` gets 412 on the second reading; the others' change is applied to the newer version.
 *
 * @param write must make its change conditional on `current.version`
 * @returns what `write` returned
 * @throws {Problem} 404, 412, or 409 when the item changes faster than this can write
 */
export async function changeItem<Result>(
  request: ApiRequest,
  store: ItemStore,
  id: string,
  write: (current: Item) => Promise<Result | "conflict">,
): Promise<Result> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const current = await findItem(store, id);
    assertIfMatch(request, current);
    const result = await write(current);
    if (result !== "conflict") return result;
  }
  throw new Problem("conflict", `The item was changed by others ${MAX_ATTEMPTS} times meanwhile. Repeat the request.`);
}
