import type { Item } from "./item.ts";
import { Problem } from "./problem.ts";

const entityTags = /^(W\/)?"[\x21\x23-\x7e\x80-\uffff]*"(\s*,\s*(W\/)?"[\x21\x23-\x7e\x80-\uffff]*")*$/;

/** The item's entity tag. */
export function etagOf({ version }: Item): string {
  return `"${version}"`;
}

/**
 * Reads `If-Match`, without which nothing is changed.
 *
 * @throws Problem 428 without it, 400 when it is no list of entity tags
 */
export function requireIfMatch(header: string | undefined): string {
  const given = header?.trim();
  if (given === undefined || given === "") {
    throw new Problem("precondition-required", "Send If-Match with the item's ETag.", {
      errors: [{ detail: "Is required", header: "If-Match" }],
    });
  }
  return given === "*" ? given : checked(given, "If-Match");
}

/** @throws Problem 412 when the item has another version */
export function assertMatches(ifMatch: string, item: Item): void {
  if (ifMatch !== "*" && !tagsOf(ifMatch).includes(etagOf(item))) {
    throw new Problem("precondition-failed", `The item is now at version ${item.version}.`);
  }
}

/** Whether the client has the item as it is: weak comparison (RFC 9110, section 13.1.2). */
export function isKnown(ifNoneMatch: string | undefined, item: Item): boolean {
  const given = ifNoneMatch?.trim();
  if (given === undefined || given === "") {
    return false;
  }
  const tags = given === "*" ? [] : tagsOf(checked(given, "If-None-Match"));
  return given === "*" || tags.some((tag) => tag.replace(/^W\//, "") === etagOf(item));
}

function checked(value: string, header: string): string {
  if (!entityTags.test(value)) {
    throw new Problem("invalid-request", `The ${header} header is not valid.`, {
      errors: [{ detail: `Must be an ETag with its quotation marks, such as "3"`, header }],
    });
  }
  return value;
}

function tagsOf(value: string): string[] {
  return value.split(",").map((tag) => tag.trim());
}
