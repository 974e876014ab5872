import type { Operation } from "../api.ts";
import { assertIfMatch, etagOf } from "../etag.ts";
import { findItem } from "../find-item.ts";

export const getItem: Operation = async (request, { store }, id) => {
  const item = await findItem(store, id);
  assertIfMatch(request, item);
  return { status: 200, headers: { ETag: etagOf(item) }, body: item };
};
