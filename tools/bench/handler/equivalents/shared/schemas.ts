import * as z from "zod";
import { itemStatuses } from "./item.ts";

const mostAttributes = 50;

const wellFormed = (text: string) => text.isWellFormed();

const attributeName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9_.-]{0,63}$/)
  .refine((name) => name !== "constructor" && name !== "prototype");

const attributeValue = z.union([z.string().max(1000).refine(wellFormed), z.number(), z.boolean()]);

/** The body of a creation or a replacement, and an item after a patch. */
export const itemContentSchema = z.strictObject({
  name: z.string().max(200).regex(/\S/, "Must contain a visible character").refine(wellFormed),
  description: z.string().max(4000).refine(wellFormed).optional(),
  status: z.enum(itemStatuses).default("active"),
  attributes: z
    .record(attributeName, attributeValue)
    .refine((all) => Object.keys(all).length <= mostAttributes, `May have ${mostAttributes} entries`)
    .optional(),
  expiresAt: z.iso
    .datetime({ offset: true })
    .refine((text) => Date.parse(text) > Date.now(), "Must be in the future")
    .transform((text) => new Date(Math.floor(Date.parse(text) / 1000) * 1000).toISOString())
    .optional(),
});

/** The query string of a list. */
export const listQuerySchema = z.strictObject({
  status: z.enum(itemStatuses).default("active"),
  order: z.enum(["newest", "oldest"]).default("newest"),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(1000).optional(),
});

/** The idempotency key's header. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "Must have 1 to 255 visible ASCII characters");

/** An item's id in the path. */
export const idSchema = z.uuid();
