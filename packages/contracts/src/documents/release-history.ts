import * as z from "zod";
import { isOfReleases, ledgerBodySchema, releasedFunctionSchema } from "../release/ledger-entry.ts";
import { releaseIdSchema } from "../release/release-ids.ts";
import { releasePlanSchema } from "../release/release-plan.ts";
import { sourceRevisionSchema } from "../release/source-revision.ts";
import { strictObject } from "../strict-object.ts";
import { validationWindowSchema } from "../validation-measurements.ts";
import { documentPlace, isoTime } from "./document-parts.ts";

export const releaseStateSchema = z.enum(["running", "paused", "live", "done", "failed", "put-back", "superseded"]);

/** What a release is, without its steps. */
export const releaseShape = {
  release: releaseIdSchema,
  state: releaseStateSchema.describe("how far it is"),
  source: sourceRevisionSchema.describe("what was released"),
  previous: releasePlanSchema.shape.previous.describe("the release whose place it took"),
  authors: z.array(z.string()).describe("who has written what it brought"),
  startedBy: z.string().describe("who began it"),
  startedAt: isoTime.describe("when it was begun"),
  liveAt: isoTime.nullable().describe("when all of the traffic went to it"),
  endedAt: isoTime.nullable().describe("when it ended; null while it has not"),
  durationMs: z
    .number()
    .nonnegative()
    .nullable()
    .describe("from its beginning to its end, in milliseconds; null while it has not ended"),
  reason: z.string().nullable().describe("why it is paused, or ended"),
  next: z.string().nullable().describe("what to do where it is paused"),
  functions: z
    .array(releasedFunctionSchema)
    .describe("what it made of each function; empty before it has made anything"),
};

const operations: readonly z.ZodObject[] = ledgerBodySchema.options.filter(
  ({ shape }) => !isOfReleases(shape.type.value),
);
const operationSchema = z.union(operations);

/** What `slipway history ENV --output json` prints. */
export const releaseHistorySchema = strictObject({
  ...documentPlace,
  releases: z
    .array(
      strictObject({
        ...releaseShape,
        checkpoints: z
          .partialRecord(
            validationWindowSchema,
            strictObject({
              verdict: z.enum(["pass", "fail", "unknown"]).describe("how it came out"),
              at: isoTime.describe("when it was judged"),
            }),
          )
          .describe("how its checkpoints came out, by their windows; those that were judged"),
      }),
    )
    .describe("the newest first"),
  operations: z
    .array(
      strictObject({
        sequence: z.int().positive().describe("of its entry in the ledger"),
        at: isoTime.describe("when it was written down"),
        by: z.string().describe("who did it"),
        what: z.string().describe("one line"),
        body: operationSchema.describe("as the ledger has it"),
      }),
    )
    .describe("what was done beside releases, the newest first"),
  isCut: z.boolean().describe("whether there are older ones of either"),
});
