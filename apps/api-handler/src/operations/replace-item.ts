import type { Operation } from "../api.ts";
import { readItemContent } from "../item-content.ts";
import { readJsonBody } from "../read-json-body.ts";
import { rewriteItem } from "../rewrite-item.ts";

/** PUT: fields that the body leaves out are removed or go back to their default. */
export const replaceItem: Operation = async (request, services, id) => {
  const content = readItemContent(readJsonBody(request, ["application/json"]), services.now());
  return rewriteItem(request, services, id, () => content);
};
