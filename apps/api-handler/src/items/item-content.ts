import { validateItemContent, validateItemPatch } from "../generated/validators.js";
import { invalid, type Problem, type ProblemDetail } from "../http/problem.ts";
import type { ItemContent } from "./item.ts";
import { LIMITS } from "./limits.ts";
import { mergePatch } from "./merge-patch.ts";
import { validate } from "./validate.ts";

const { smallestNumber } = LIMITS.attributes;

/**
 * Checks the body of a creation or a replacement.
 *
 * @returns the content with its defaults; `expiresAt` in UTC, rounded down to whole seconds
 * @throws {Problem} 400 that names each wrong or unknown field
 */
export function readItemContent(value: unknown): ItemContent {
  validate(validateItemContent, value);
  const { expiresAt, ...content } = value as Omit<ItemContent, "status"> & Partial<ItemContent>;
  assertStorable(content);
  return {
    ...content,
    status: content.status ?? "active",
    ...(expiresAt === undefined ? undefined : { expiresAt: inWholeSeconds(expiresAt) }),
  };
}

/**
 * Applies a merge patch to the content of an item.
 *
 * @returns as `readItemContent`
 * @throws {Problem} 400 that names each field that is wrong in the patch, or would be in the item
 */
export function patchItemContent(present: ItemContent, patch: unknown): ItemContent {
  validate(validateItemPatch, patch);
  return readItemContent(mergePatch(present, patch));
}

/**
 * What is wrong with the time in a content, at this time: an item must not have expired when it is written. Apart from the other
 * checks, because the retry of a request is answered as the first try was, even when it comes late.
 */
export function expiryProblem({ expiresAt }: ItemContent, now: Date): Problem | undefined {
  return expiresAt === undefined || Date.parse(expiresAt) > now.getTime()
    ? undefined
    : invalid("The body has", [{ detail: "Must be in the future", pointer: "#/expiresAt" }]);
}

function inWholeSeconds(time: string): string {
  return new Date(Math.floor(Date.parse(time) / 1000) * 1000).toISOString();
}

/** What JSON Schema cannot say, and the table cannot hold. */
function assertStorable(content: Partial<ItemContent>): void {
  const tooSmall = Object.entries(content.attributes ?? {})
    .filter(([, value]) => typeof value === "number" && value !== 0 && Math.abs(value) < smallestNumber)
    .map(
      ([name]): ProblemDetail => ({
        detail: `Must be 0 or at least ${smallestNumber} in size`,
        pointer: `#/attributes/${name}`,
      }),
    );
  if (tooSmall.length > 0) throw invalid("The body has", tooSmall);
  const bytes = Buffer.byteLength(JSON.stringify(content));
  if (bytes > LIMITS.content.bytes) {
    throw invalid("The body has", [
      { detail: `The item may have ${LIMITS.content.bytes} bytes as JSON; it has ${bytes}`, pointer: "#" },
    ]);
  }
}
