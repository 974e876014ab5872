import type { ApiRequest } from "./api.ts";
import type { Item } from "./item.ts";
import { Problem } from "./problem.ts";

const ENTITY_TAGS = /^(W\/)?"[\x21\x23-\x7e\x80-\uffff]*"(\s*,\s*(W\/)?"[\x21\x23-\x7e\x80-\uffff]*")*$/;

/** The item's entity tag. The version is enough: an id is never used again for another item. */
export function etagOf(item: Item): string {
  return `"${item.version}"`;
}

/**
 * Holds the item against the request's `If-Match`. A request without one is always fine; weak tags never match
 * (RFC 9110, section 13.1.1).
 *
 * @throws {Problem} 412 when the item has another version, 400 when the header is not a list of entity tags
 */
export function assertIfMatch(request: ApiRequest, item: Item): void {
  const header = request.headers.get("if-match")?.trim();
  if (header === undefined || header === "*") return;
  if (!ENTITY_TAGS.test(header)) {
    throw new Problem("invalid-request", "The If-Match header is not valid.", {
      errors: [{ detail: `Must be an ETag with its quotation marks, such as "3"`, header: "If-Match" }],
    });
  }
  if (!header.split(",").some((tag) => tag.trim() === etagOf(item))) {
    throw new Problem(
      "precondition-failed",
      `The item is now at version ${item.version}. Read it again, then repeat the change with its new ETag.`,
    );
  }
}
