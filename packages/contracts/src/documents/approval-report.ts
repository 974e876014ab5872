import * as z from "zod";
import { releaseIdSchema } from "../release/release-ids.ts";
import { actorSchema } from "../release/source-revision.ts";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace } from "./document-parts.ts";
import { ledgerBodyOf } from "./ledger-body-of.ts";

/** What `slipway approve ENV --output json` prints. */
export const approvalReportSchema = strictObject({
  ...documentPlace,
  release: releaseIdSchema.nullable(),
  by: actorSchema.describe("who has approved"),
  approval: ledgerBodyOf("approval.given").describe("what was written down"),
  counted: z.array(actorSchema).describe("who counts, in their order"),
  needed: count.describe("how many have to count"),
  ignored: z
    .array(strictObject({ by: actorSchema.describe("who"), why: z.string().describe("why not") }))
    .describe("who has approved and does not count"),
  notAccepted: z
    .array(z.string())
    .describe("findings that stop the plan and that nobody who counts has accepted, as id and address"),
  isApproved: z.boolean().describe("whether there are enough of them, and everything is accepted that has to be"),
});
