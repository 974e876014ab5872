import type { ApiRequest } from "../http/api.ts";
import { assertMatch, assertNoneMatch, requireIfMatch } from "../http/preconditions.ts";
import { Problem } from "../http/problem.ts";
import type { ItemStore } from "../store/item-store.ts";
import { findItem } from "./find-item.ts";
import type { Item } from "./item.ts";

const MAX_ATTEMPTS = 5;

/**
 * Reads an item, holds it against `If-Match` and lets `write` change it, on condition that nobody else did meanwhile.
 *
 *     read v3 ── If-Match? ── write if still v3 ── written
 *        └────── conflict: read again ──┘
 *
 * Whoever names a version gets 412 on the second reading; a change under `If-Match: *` is applied to the newer version.
 *
 * @param write must make its change conditional on `current.version`
 * @returns what `write` returned
 * @throws {Problem} 428 without `If-Match`, 404, 412, or 409 when the item changes faster than this can write
 */
export async function changeItem<Result>(
  request: ApiRequest,
  store: ItemStore,
  id: string,
  write: (current: Item) => Promise<Result | "conflict">,
): Promise<Result> {
  const ifMatch = requireIfMatch(request);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const current = await findItem(store, id);
    assertMatch(ifMatch, current);
    assertNoneMatch(request, current);
    const result = await write(current);
    if (result !== "conflict") return result;
  }
  throw new Problem("conflict", `The item was changed by others ${MAX_ATTEMPTS} times meanwhile. Repeat the request.`);
}
