import * as z from "zod";
import { jsonSchema } from "../json.ts";
import { stepResultSchemas } from "../release/step-results.ts";
import { undoRequestSchema } from "../release/undo-request.ts";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace, isoTime } from "./document-parts.ts";

/** An item as DynamoDB's own JSON; null for one that is not there. */
const item = z.record(z.string(), jsonSchema).nullable();

/** A complete export of a table's changes. */
const pieceSchema = stepResultSchemas["data.export"].shape.pieces.element.extend({
  from: isoTime.describe("when it begins: that moment is part of it"),
  to: isoTime.describe("when it ends: that moment is no part of it"),
});

/** What `slipway rollback ENV data --undo --plan --output json` prints, and where there is nothing to write. */
export const undoPreviewSchema = strictObject({
  ...documentPlace,
  command: z.literal("rollback"),
  outcome: z
    .enum(["planned", "nothing-to-do"])
    .describe("`nothing-to-do`: no item would be written; see `would` for why"),
  undo: undoRequestSchema.omit({ confirmed: true }).describe("what was asked for"),
  exports: strictObject({
    pieces: z.array(pieceSchema).min(1).describe("one after the other they are the window"),
    after: pieceSchema
      .optional()
      .describe("begins where the window ends; absent unless the piece is longer than the window"),
  }).describe("of the window, in the bucket that they were written to"),
  selected: stepResultSchemas["data.select"]
    .extend({
      unseenDeletions: count.describe(
        "deletions left out only because an image after was asked for, which they do not have",
      ),
      expiredDeletions: count.describe("deletions left out only because the items had expired"),
    })
    .describe("how many of the items that were changed in the window are meant"),
  would: stepResultSchemas["data.write-back"].describe("what would be done; written: items that would be"),
  samples: z
    .array(
      strictObject({
        decision: z
          .string()
          .describe(
            "what would be done: `write`; `there`: it is as it is wanted already; `conflict`: somebody has changed it since; `unwritable`: it has more attributes than one condition can compare",
          ),
        key: item.describe("its key"),
        before: item.describe(
          "as it is wanted: as it was before the window, or, to take an undo back, at its end; null where it was not there",
        ),
        bad: item.describe(
          "as it has to be now to be written: as it was at the window's end, or, to take an undo back, before it; null where it was not there",
        ),
        current: item.describe("as it was when it was looked at; null where it was not there"),
      }),
    )
    .optional()
    .describe(
      "a few items of each decision, as many as --samples says, as DynamoDB's own JSON; absent without --samples",
    ),
  durationMs: z.number().nonnegative().describe("wall-clock time of the command, in milliseconds"),
});
