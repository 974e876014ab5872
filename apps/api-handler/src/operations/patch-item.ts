import type { Operation } from "../http/api.ts";
import { readJsonBody } from "../http/read-json-body.ts";
import { patchItemContent } from "../items/item-content.ts";
import { rewriteItem } from "../items/rewrite-item.ts";

/** PATCH: a JSON merge patch (RFC 7396). The item must be valid after it, so `null` works on optional fields only. */
export const patchItem: Operation = async (request, services, id) => {
  const patch = readJsonBody(request, ["application/merge-patch+json", "application/json"]);
  return rewriteItem(request, services, id, (present) => patchItemContent(present, patch));
};
