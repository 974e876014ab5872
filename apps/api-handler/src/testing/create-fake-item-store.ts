import type { Item } from "../item.ts";
import type { ItemStore } from "../item-store.ts";

/** The port in memory, with the conditions of the real one. `items` is open for tests to look at and to change. */
export function createFakeItemStore(...present: Item[]): ItemStore & { items: Map<string, Item> } {
  const items = new Map(present.map((item) => [item.id, item]));
  return {
    items,
    get: async (id) => items.get(id),
    list: async ({ status, limit, after }) => {
      const all = [...items.values()]
        .filter((item) => item.status === status)
        .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id));
      const start = after === undefined ? 0 : all.findIndex((item) => item.id === after.id) + 1;
      const page = all.slice(start, start + limit);
      const last = page.at(-1);
      return { items: page, next: last && all.length > start + limit ? last : undefined };
    },
    create: async (item) => {
      if (items.has(item.id)) return "conflict";
      items.set(item.id, item);
      return "written";
    },
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
  };
}
