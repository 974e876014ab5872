import type { Operation } from "../http/api.ts";
import { encodeCursor } from "../items/list-cursor.ts";
import { readListQuery } from "../items/list-query.ts";

export const listItems: Operation = async (request, { store, cursorKey }) => {
  const query = readListQuery(request, cursorKey);
  const { items, next } = await store.list(query);
  return { status: 200, body: { items, nextCursor: next && encodeCursor(cursorKey, query, next) } };
};
