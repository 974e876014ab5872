import { Problem } from "../http/problem.ts";
import type { ItemStore } from "../store/item-store.ts";
import type { Item } from "./item.ts";

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * Reads an item. An id that is no UUID is not worth a read: no item has it, and the table refuses very long keys.
 *
 * @throws {Problem} 404
 */
export async function findItem(store: ItemStore, id: string): Promise<Item> {
  const item = UUID.test(id) ? await store.get(id) : undefined;
  if (item === undefined) throw new Problem("not-found", "There is no item with this id.");
  return item;
}
