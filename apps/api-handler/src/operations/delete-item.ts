import type { Operation } from "../http/api.ts";
import { changeItem } from "../items/change-item.ts";

export const deleteItem: Operation = async (request, { store }, id) => {
  await changeItem(request, store, id, ({ version }) => store.delete(id, version));
  return { status: 204 };
};
