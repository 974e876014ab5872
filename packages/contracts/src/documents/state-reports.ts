import * as z from "zod";
import { planSummarySchema } from "../release/plan-summary.ts";
import { releaseIdSchema, sha256HexSchema } from "../release/release-ids.ts";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace, isoTime } from "./document-parts.ts";

const facts = {
  serial: count.optional(),
  lineage: z.string().optional(),
  resources: count.optional().describe("managed resources in it"),
  problem: z.string().optional().describe("why it cannot be read"),
};

const location = z.string().describe("where the state lies: s3://BUCKET/KEY");

/** What `slipway state list ENV --output json` prints. */
export const stateListSchema = strictObject({
  ...documentPlace,
  location,
  versions: z
    .array(
      strictObject({
        id: z.string(),
        at: isoTime,
        bytes: count,
        isPresent: z.boolean(),
        isDeletion: z.boolean().describe("whether it is the mark that S3 leaves where the state was deleted"),
        ...facts,
        origin: strictObject({
          serial: count,
          lineage: z.string().optional(),
          release: releaseIdSchema.nullable(),
          by: z.string(),
          what: z.string(),
        })
          .optional()
          .describe("who has left it, by the ledger"),
      }),
    )
    .describe("newest first"),
  olderVersions: count.describe("how many more there are"),
  backups: z.array(strictObject({ name: z.string(), at: isoTime, bytes: count, ...facts, by: z.string().optional() })),
  note: z.string().nullable().describe("why the ledger could not be asked"),
});

/** What `slipway state backup ENV --output json` prints. */
export const stateBackupSchema = strictObject({
  ...documentPlace,
  location,
  name: z.string(),
  serial: count,
  lineage: z.string(),
  sha256: sha256HexSchema,
  resources: count,
});

/** What `slipway state restore ENV --output json` prints; without the state itself, which has secrets. */
export const stateRestoreSchema = strictObject({
  ...documentPlace,
  location,
  outcome: z.enum(["planned", "restored", "nothing-to-do", "refused", "interrupted"]),
  from: z.string().describe("version ID, or backup NAME"),
  chosen: strictObject({ serial: count, lineage: z.string(), resources: count }),
  present: z.discriminatedUnion("condition", [
    strictObject({ condition: z.literal("readable"), serial: count, lineage: z.string(), resources: count }),
    strictObject({ condition: z.literal("lost") }),
    strictObject({ condition: z.literal("unreadable"), problem: z.string() }),
  ]),
  lineage: z.string().nullable().describe("the lineage that the state had, as far as that is known"),
  serial: count.describe("that it is written under: above every one that is known"),
  forgotten: z.array(z.string()).describe("addresses that Terraform would forget"),
  returning: z.array(z.string()).describe("addresses that Terraform would believe to exist again"),
  different: z.array(z.string()).describe("addresses that were made anew in between"),
  isSame: z.boolean(),
  isOtherLineage: z.boolean(),
  versionId: z.string().optional().describe("the version that it was written as"),
  lockedBy: z.string().optional().describe("who began Terraform while it was put back"),
  plan: planSummarySchema
    .nullable()
    .optional()
    .describe("what Terraform would do now, after a restore; null where it could not be found out"),
  planProblem: z.string().optional(),
});
