import type { ApiRequest } from "./api.ts";
import { Problem } from "./problem.ts";

/** What has an entity tag. */
interface Versioned {
  readonly version: number;
}

/** The versions that a request names in `If-Match`: any at all, or one of these tags. */
export type IfMatch = "*" | readonly string[];

const ENTITY_TAGS = /^(W\/)?"[\x21\x23-\x7e\x80-\uffff]*"(\s*,\s*(W\/)?"[\x21\x23-\x7e\x80-\uffff]*")*$/;

/** The item's entity tag. The version is enough: an id is never used again for another item. */
export function etagOf({ version }: Versioned): string {
  return `"${version}"`;
}

/**
 * Reads the `If-Match` of a change, which has to name the version that the client has seen: without it, one client would overwrite
 * what another one has just written (RFC 6585, section 3).
 *
 * @throws {Problem} 428 when it is missing, 400 when it is not a list of entity tags
 */
export function requireIfMatch(request: ApiRequest): IfMatch {
  const tags = readTags(request, "If-Match");
  if (tags === undefined) {
    throw new Problem("precondition-required", "Send the ETag of the item that you have seen, or * for any version.", {
      errors: [{ detail: `Must be the item's ETag, such as "3", or *`, header: "If-Match" }],
    });
  }
  return tags;
}

/**
 * Holds an item against `If-Match`. Weak tags never match (RFC 9110, section 13.1.1).
 *
 * @throws {Problem} 412 when the item has another version
 */
export function assertMatch(ifMatch: IfMatch, item: Versioned): void {
  if (ifMatch !== "*" && !ifMatch.includes(etagOf(item))) {
    throw new Problem(
      "precondition-failed",
      `The item is now at version ${item.version}. Read it again, then repeat the change with its new ETag.`,
    );
  }
}

/**
 * Holds an item against the `If-None-Match` of a change, if there is one.
 *
 * @throws {Problem} 412 when the item has a version that the header names (RFC 9110, section 13.1.2), 400 as `requireIfMatch`
 */
export function assertNoneMatch(request: ApiRequest, item: Versioned): void {
  if (matchesNone(readTags(request, "If-None-Match"), item)) return;
  throw new Problem("precondition-failed", `The item is at version ${item.version}, which If-None-Match excludes.`);
}

/**
 * Holds an item against the `If-Match` and `If-None-Match` of a request to read it.
 *
 * @returns whether the client has this version already (304). Weak tags match, too (RFC 9110, section 13.1.2)
 * @throws {Problem} 412 as `assertMatch`, 400 when a header is not a list of entity tags
 */
export function isNotModified(request: ApiRequest, item: Versioned): boolean {
  const ifMatch = readTags(request, "If-Match");
  if (ifMatch !== undefined) assertMatch(ifMatch, item);
  return !matchesNone(readTags(request, "If-None-Match"), item);
}

/** Weak tags count here: it is the same item, if not the same bytes. */
function matchesNone(tags: IfMatch | undefined, item: Versioned): boolean {
  return tags === undefined || (tags !== "*" && tags.every((tag) => tag.replace(/^W\//, "") !== etagOf(item)));
}

function readTags(request: ApiRequest, name: "If-Match" | "If-None-Match"): IfMatch | undefined {
  const header = request.headers.get(name.toLowerCase())?.trim();
  if (header === undefined || header === "*") return header;
  if (!ENTITY_TAGS.test(header)) {
    throw new Problem("invalid-request", `The ${name} header is not valid.`, {
      errors: [{ detail: `Must be an ETag with its quotation marks, such as "3", or *`, header: name }],
    });
  }
  return header.split(",").map((tag) => tag.trim());
}
