import type { Item } from "../items/item.ts";

/** An item for tests; `number` makes its id and, as the second, its creation time. */
export function makeItem(number: number, fields: Partial<Item> = {}): Item {
  const time = new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString();
  return {
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    name: `item ${number}`,
    status: "active",
    createdAt: time,
    updatedAt: time,
    version: 1,
    ...fields,
  };
}
