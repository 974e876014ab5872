import * as z from "zod/mini";
import { ITEM_STATUSES, type ItemContent } from "./item.ts";
import { Problem } from "./problem.ts";
import { validate } from "./validate.ts";

const MAX_NAME_LENGTH = 200;
const MAX_DESCRIPTION_LENGTH = 4000;

// A lone surrogate is valid in JSON but has no UTF-8 form, so DynamoDB could not store it.
const wellFormed = z.refine<string>((text) => text.isWellFormed(), "Must not contain half of a surrogate pair");

const itemContentSchema = z.strictObject({
  name: z.string().check(z.maxLength(MAX_NAME_LENGTH), z.regex(/\S/, "Must contain a visible character"), wellFormed),
  description: z.optional(z.string().check(z.maxLength(MAX_DESCRIPTION_LENGTH), wellFormed)),
  status: z._default(z.enum(ITEM_STATUSES), "active"),
  expiresAt: z.optional(z.iso.datetime({ offset: true })),
});

/**
 * Checks the body of a creation or a replacement, or an item after a patch.
 *
 * @returns the content with its defaults; `expiresAt` in UTC, rounded down to whole seconds
 * @throws {Problem} 400 that names each wrong or unknown field
 */
export function readItemContent(value: unknown, now: Date): ItemContent {
  const { expiresAt, ...content } = validate(itemContentSchema, value, "body");
  if (expiresAt === undefined) return content;
  const seconds = Math.floor(Date.parse(expiresAt) / 1000);
  if (seconds * 1000 <= now.getTime()) {
    throw new Problem("invalid-request", "The body has 1 invalid field.", {
      errors: [{ detail: "Must be in the future", pointer: "#/expiresAt" }],
    });
  }
  return { ...content, expiresAt: new Date(seconds * 1000).toISOString() };
}
