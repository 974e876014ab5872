import type { Operation } from "../api.ts";
import { readItemContent } from "../item-content.ts";
import { mergePatch } from "../merge-patch.ts";
import { readJsonBody } from "../read-json-body.ts";
import { rewriteItem } from "../rewrite-item.ts";

/** PATCH: a JSON merge patch (RFC 7396). The item must be valid after it, so `null` works on optional fields only. */
export const patchItem: Operation = async (request, services, id) => {
  const patch = readJsonBody(request, ["application/merge-patch+json", "application/json"]);
  return rewriteItem(request, services, id, (present) => readItemContent(mergePatch(present, patch), services.now()));
};
