import * as z from "zod";
import { jsonSchema } from "../json.ts";
import { stepResultSchemas } from "../release/step-results.ts";
import { undoRequestSchema } from "../release/undo-request.ts";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace, isoTime } from "./document-parts.ts";

/** An item as DynamoDB's own JSON; null for one that is not there. */
const item = z.record(z.string(), jsonSchema).nullable();

/** A complete export of a table's changes. */
const pieceSchema = stepResultSchemas["data.export"].shape.pieces.element.extend({ from: isoTime, to: isoTime });

/** What `slipway rollback ENV data --undo --plan --output json` prints, and where there is nothing to write. */
export const undoPreviewSchema = strictObject({
  ...documentPlace,
  command: z.literal("rollback"),
  outcome: z.enum(["planned", "nothing-to-do"]),
  undo: undoRequestSchema.omit({ confirmed: true }).describe("what was asked for"),
  exports: strictObject({
    pieces: z.array(pieceSchema).min(1).describe("one after the other they are the window"),
    after: pieceSchema.optional().describe("begins where the window ends, where the last piece is longer"),
  }).describe("of the window, in the bucket that they were written to"),
  selected: stepResultSchemas["data.select"].extend({
    unseenDeletions: count.describe("left out only because an image after was asked for, which deletions do not have"),
    expiredDeletions: count.describe("left out only because the items had expired"),
  }),
  would: stepResultSchemas["data.write-back"].describe("what would be done; written: items that would be"),
  samples: z
    .array(strictObject({ decision: z.string(), key: item, before: item, bad: item, current: item }))
    .optional()
    .describe("only with --samples; items as DynamoDB's own JSON, null for one that is not there"),
  durationMs: z.number().nonnegative(),
});
