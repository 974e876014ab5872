import type { Item } from "../items/item.ts";
import type { FirstAnswer, ItemStore, WriteResult } from "../store/item-store.ts";

/** The port in memory, with the conditions of the real one. `items` is open for tests to look at and to change. */
export function createFakeItemStore(...present: Item[]): ItemStore & { items: Map<string, Item> } {
  const items = new Map(present.map((item) => [item.id, item]));
  const answered = new Map<string, FirstAnswer>();
  const create = async (item: Item): Promise<WriteResult> => {
    if (items.has(item.id)) return "conflict";
    items.set(item.id, item);
    return "written";
  };
  return {
    items,
    get: async (id) => items.get(id),
    list: async ({ status, order, limit, after }) => {
      const all = [...items.values()]
        .filter((item) => item.status === status)
        .sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
      if (order === "newest") all.reverse();
      const start = after === undefined ? 0 : all.findIndex((item) => item.id === after.id) + 1;
      const page = all.slice(start, start + limit);
      const last = page.at(-1);
      return { items: page, next: last && all.length > start + limit ? last : undefined };
    },
    createOnce: async (item, request) => {
      const first = request && answered.get(request.id);
      if (first !== undefined) return first;
      const result = await create(item);
      if (result === "written" && request) answered.set(request.id, { fingerprint: request.fingerprint, item });
      return result;
    },
    findFirstAnswer: async (requestId) => answered.get(requestId),
    replace: async (item, expectedVersion) => {
      if (items.get(item.id)?.version !== expectedVersion) return "conflict";
      items.set(item.id, item);
      return "written";
    },
    delete: async (id, expectedVersion) => {
      if (items.get(id)?.version !== expectedVersion) return "conflict";
      items.delete(id);
      return "written";
    },
    check: async () => {},
  };
}
