import type { Operation } from "../http/api.ts";
import { etagOf, isNotModified } from "../http/preconditions.ts";
import { findItem } from "../items/find-item.ts";

export const getItem: Operation = async (request, { store }, id) => {
  const item = await findItem(store, id);
  // A client may keep the answer, as long as it asks before it uses it: that is what the ETag is for.
  const headers = { ETag: etagOf(item), "Cache-Control": "private, no-cache" };
  return isNotModified(request, item) ? { status: 304, headers } : { status: 200, headers, body: item };
};
