import type { ApiResponse, Operation } from "../http/api.ts";
import { etagOf } from "../http/preconditions.ts";
import { Problem } from "../http/problem.ts";
import { readJsonBody } from "../http/read-json-body.ts";
import { readIdempotentRequest } from "../items/idempotency.ts";
import type { Item } from "../items/item.ts";
import { expiryProblem, readItemContent } from "../items/item-content.ts";
import type { FirstAnswer, IdempotentRequest } from "../store/item-store.ts";

export const createItem: Operation = async (request, { store, now, newId }) => {
  const content = readItemContent(readJsonBody(request, ["application/json"]));
  const once = readIdempotentRequest(request, content);
  const createdAt = now();
  const expired = expiryProblem(content, createdAt);
  if (expired !== undefined) {
    // It may have been in the future when it was sent for the first time.
    const first = once && (await store.findFirstAnswer(once.id));
    if (once === undefined || first === undefined) throw expired;
    return repeat(first, once, request.path);
  }
  const time = createdAt.toISOString();
  const item: Item = { id: newId(), ...content, createdAt: time, updatedAt: time, version: 1 };

  const result = await store.createOnce(item, once);
  if (result === "conflict") {
    throw new Problem("conflict", "The id that was chosen for the item is taken. Repeat the request.");
  }
  return result === "written" || once === undefined ? created(item, request.path) : repeat(result, once, request.path);
};

function created(item: Item, requestPath: string): ApiResponse {
  return { status: 201, headers: { ETag: etagOf(item), Location: locationOf(item, requestPath) }, body: item };
}

/** The answer of the first try, whatever has become of the item since. */
function repeat({ fingerprint, item }: FirstAnswer, once: IdempotentRequest, requestPath: string): ApiResponse {
  if (fingerprint !== once.fingerprint) {
    throw new Problem(
      "idempotency-key-reused",
      "The key came with another body before. Use a new key for a new request.",
      {
        errors: [{ detail: "Must be new for a new request", header: "Idempotency-Key" }],
      },
    );
  }
  const { headers, ...response } = created(item, requestPath);
  return { ...response, headers: { ...headers, "Idempotent-Replayed": "true" } };
}

/** Relative to the request's URL (RFC 9110, section 10.2.2), so it holds behind every stage name. */
function locationOf(item: Item, requestPath: string): string {
  return requestPath.endsWith("/") ? `./${item.id}` : `./items/${item.id}`;
}
