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
  fates: z.array(itemFateSchema).min(1).optional(),
  /** What the partition key begins with; it is a text then. */
  keyPrefix: z.string().min(1).optional(),
  /** Attributes that differ between both images. */
  touched: z.array(z.string().min(1)).min(1).optional(),
  /** What the item was like when the window began; one that was not there matches no filter. */
  before: recordFilterSchema.optional(),
  /** What it was like when the window ended; likewise. */
  after: recordFilterSchema.optional(),
  /** The attribute with the items' time of expiry. Of items that were deleted after it, DynamoDB itself has done that: they are left out. */
  expiry: z.string().min(1).optional(),
});

/** Some writes of a table that are to be taken back, or an undo that is: what the steps `data.*` of a release go by. */
export const undoRequestSchema = strictObject({
  /** By its name in the configuration. */
  table: z.string().min(1),
  /** As AWS calls it. */
  tableName: z.string().min(1),
  /** ISO time, whole seconds: all was well right before it. */
  from: z.iso.datetime(),
  /** ISO time, whole seconds: no bad write came at it or after it. */
  to: z.iso.datetime(),
  select: undoSelectionSchema,
  /** Where the exports of the window are written. */
  exports: strictObject({ bucket: z.string().min(3), prefix: z.string().min(1) }),
  /** The release that has undone these writes, where that is taken back: the images of the end of the window are written then. */
  undoes: releaseIdSchema.optional(),
  /** How much of the table it may take. */
  rate: strictObject({ perSecond: z.number().positive(), unit: z.enum(["records", "capacity-units"]) }).optional(),
  /** The selection that somebody has seen and confirmed: how many items, and the digest of their keys and images. */
  confirmed: strictObject({ items: z.int().positive(), digest: sha256HexSchema }),
});

export type ItemFate = z.output<typeof itemFateSchema>;
export type UndoSelection = z.output<typeof undoSelectionSchema>;
export type UndoRequest = z.output<typeof undoRequestSchema>;
