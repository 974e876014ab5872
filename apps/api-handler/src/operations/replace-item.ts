import type { Operation } from "../http/api.ts";
import { readJsonBody } from "../http/read-json-body.ts";
import { readItemContent } from "../items/item-content.ts";
import { rewriteItem } from "../items/rewrite-item.ts";

/** PUT: fields that the body leaves out are removed or go back to their default. */
export const replaceItem: Operation = async (request, services, id) => {
  const content = readItemContent(readJsonBody(request, ["application/json"]));
  return rewriteItem(request, services, id, () => content);
};
