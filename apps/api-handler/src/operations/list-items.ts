import type { Operation } from "../api.ts";
import { encodeCursor } from "../list-cursor.ts";
import { readListQuery } from "../list-query.ts";

export const listItems: Operation = async (request, { store }) => {
  const query = readListQuery(request);
  const { items, next } = await store.list(query);
  return { status: 200, body: { items, nextCursor: next && encodeCursor(query.status, next) } };
};
