import * as z from "zod";
import { planSummarySchema } from "../release/plan-summary.ts";
import { releaseIdSchema, sha256HexSchema } from "../release/release-ids.ts";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace, isoTime } from "./document-parts.ts";

const facts = {
  serial: count.optional().describe("its serial; absent where it cannot be read, or is a deletion"),
  lineage: z
    .string()
    .optional()
    .describe("its lineage, which tells it from all others; absent likewise, and where it has none"),
  resources: count.optional().describe("managed resources in it; absent where it cannot be read, or is a deletion"),
  problem: z.string().optional().describe("why it cannot be read; absent where it can"),
};

const lineage = z.string().describe("its lineage, which tells it from all others; empty where it has none");
const serial = count.describe("its serial");
const resources = count.describe("managed resources in it");

const location = z.string().describe("where the state lies: s3://BUCKET/KEY");

/** What `slipway state list ENV --output json` prints. */
export const stateListSchema = strictObject({
  ...documentPlace,
  location,
  versions: z
    .array(
      strictObject({
        id: z.string().describe("its version ID in S3"),
        at: isoTime.describe("when it was written"),
        bytes: count.describe("its size in bytes; 0 of a deletion"),
        isPresent: z.boolean().describe("whether it is the present one, which Terraform would read now"),
        isDeletion: z.boolean().describe("whether it is the mark that S3 leaves where the state was deleted"),
        ...facts,
        origin: strictObject({
          serial: count.describe("the serial that was left"),
          lineage: z.string().optional().describe("its lineage; absent where the ledger does not say"),
          release: releaseIdSchema.nullable().describe("the release that left it; null where it was none"),
          by: z.string().describe("who left it"),
          what: z.string().describe("what left it: `apply of r12`, `restored from version ID`"),
        })
          .optional()
          .describe("who has left it, by the ledger; absent where the ledger does not say, or could not be asked"),
      }),
    )
    .describe("those that the bucket keeps, as many as were asked for, the newest first"),
  olderVersions: count.describe("how many more there are"),
  backups: z
    .array(
      strictObject({
        name: z.string().describe("its name"),
        at: isoTime.describe("when it was written"),
        bytes: count.describe("its size in bytes"),
        ...facts,
        by: z.string().optional().describe("who made it; absent where the ledger does not say, or could not be asked"),
      }),
    )
    .describe("the named copies, the newest first"),
  note: z
    .string()
    .nullable()
    .describe("why the ledger could not be asked, so that what it knows is not here; null where it could"),
});

/** What `slipway state backup ENV --output json` prints. */
export const stateBackupSchema = strictObject({
  ...documentPlace,
  location,
  name: z.string().describe("name of the copy"),
  serial,
  lineage,
  sha256: sha256HexSchema.describe("SHA-256 of its bytes"),
  resources,
});

/** What `slipway state restore ENV --output json` prints; without the state itself, which has secrets. */
export const stateRestoreSchema = strictObject({
  ...documentPlace,
  location,
  outcome: z
    .enum(["planned", "restored", "nothing-to-do", "refused", "interrupted"])
    .describe(
      "`planned`: only shown; `nothing-to-do`: the present state says the same; `refused`: it was not confirmed; `interrupted`: it was broken off at the question",
    ),
  from: z.string().describe("what was chosen: `version ID`, or `backup NAME`"),
  chosen: strictObject({ serial, lineage, resources }).describe("the state that was chosen"),
  present: z
    .discriminatedUnion("condition", [
      strictObject({ condition: z.literal("readable"), serial, lineage, resources }),
      strictObject({ condition: z.literal("lost") }),
      strictObject({
        condition: z.literal("unreadable"),
        problem: z.string().describe("why it cannot be read"),
      }),
    ])
    .describe("the state that was there before; `lost`: nothing is there"),
  lineage: z
    .string()
    .nullable()
    .describe("the lineage that the state had, as far as that is known; null where it is not"),
  serial: count.describe("the serial that it is written under: above every one that is known"),
  forgotten: z.array(z.string()).describe("addresses that Terraform would forget"),
  returning: z.array(z.string()).describe("addresses that Terraform would believe to exist again"),
  different: z.array(z.string()).describe("addresses that were made anew in between"),
  isSame: z.boolean().describe("whether the present state says the same, whatever its serial"),
  isOtherLineage: z.boolean().describe("whether it is of another lineage than the state had"),
  versionId: z
    .string()
    .optional()
    .describe("the version ID in S3 that it was written as; absent unless it was restored, and where S3 did not say"),
  lockedBy: z
    .string()
    .optional()
    .describe("who began Terraform while it was put back; absent where nobody is known to have done so"),
  plan: planSummarySchema
    .nullable()
    .optional()
    .describe(
      "what Terraform would do now; null where that could not be found out, absent unless the state was restored",
    ),
  planProblem: z.string().optional().describe("why it could not be found out; absent where it could"),
});
