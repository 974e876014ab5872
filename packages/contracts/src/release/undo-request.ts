import * as z from "zod";
import { recordFilterSchema } from "../data/record-filter.ts";
import { strictObject } from "../strict-object.ts";
import { releaseIdSchema, sha256HexSchema } from "./release-ids.ts";

/** What became of an item from the beginning of a window to its end. */
export const itemFateSchema = z.enum(["made", "changed", "deleted"]);

/**
 * Which of the items that were changed in a window are meant; all that is said must hold. It is what somebody has typed, and lies in the
 * ledger as it was typed.
 */
export const undoSelectionSchema = strictObject({
  fates: z
    .array(itemFateSchema)
    .min(1)
    .optional()
    .describe("What became of them in the window; any, where it is absent."),
  keyPrefix: z
    .string()
    .min(1)
    .optional()
    .describe("What the partition key begins with; it is a text then. Any, where it is absent."),
  touched: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Attributes that all differ between both images; any, where it is absent."),
  before: recordFilterSchema
    .optional()
    .describe(
      "What the item was like when the window began; one that was not there matches no filter. Anything, where it is absent.",
    ),
  after: recordFilterSchema.optional().describe("What it was like when the window ended; likewise."),
  expiry: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The attribute with the items' time of expiry. Of items that were deleted after it, DynamoDB itself has done that: they are left out.",
    ),
});

/** Some writes of a table that are to be taken back, or an undo that is: what the steps `data.*` of a release go by. */
export const undoRequestSchema = strictObject({
  table: z.string().min(1).describe("By its name in the configuration."),
  tableName: z.string().min(1).describe("As AWS calls it."),
  from: z.iso.datetime().describe("ISO time, whole seconds: all was well right before it."),
  to: z.iso.datetime().describe("ISO time, whole seconds: no bad write came at it or after it."),
  select: undoSelectionSchema.describe("Which of the items that were changed in the window are meant."),
  exports: strictObject({
    bucket: z.string().min(3).describe("The bucket."),
    prefix: z.string().min(1).describe("What their keys begin with."),
  }).describe("Where the exports of the window are written."),
  undoes: releaseIdSchema
    .optional()
    .describe(
      "The release that has undone these writes, where that is taken back: the images of the end of the window are written then. Absent otherwise.",
    ),
  rate: strictObject({
    perSecond: z.number().positive().describe("How many a second."),
    unit: z.enum(["records", "capacity-units"]).describe("Of what."),
  })
    .optional()
    .describe("How much of the table it may take; all that it gives, where it is absent."),
  confirmed: strictObject({
    items: z.int().positive().describe("How many items."),
    digest: sha256HexSchema.describe("SHA-256 of their keys and images."),
  }).describe(
    "The selection that somebody has seen and confirmed: how many items, and the digest of their keys and images.",
  ),
});

export type ItemFate = z.output<typeof itemFateSchema>;
export type UndoSelection = z.output<typeof undoSelectionSchema>;
export type UndoRequest = z.output<typeof undoRequestSchema>;
