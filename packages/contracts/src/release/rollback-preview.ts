import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { planSummarySchema } from "./plan-summary.ts";
import { releaseIdSchema } from "./release-ids.ts";
import { rollbackParts } from "./release-plan.ts";

/** What differs in a part of an environment between what is live and where a rollback goes to. */
const previewedPartSchema = strictObject({
  part: z.enum(rollbackParts).describe("Which part it is."),
  goes: z.boolean().describe("Whether this rollback takes it back; otherwise it stays as it is."),
  differs: z
    .boolean()
    .nullable()
    .describe("Whether it is another one than that of the release to go to; null where nobody knows."),
  lines: z.array(z.string()).describe("What differs, and what would be done, a line each."),
  seconds: z
    .number()
    .nonnegative()
    .nullable()
    .describe("How long it took the last times, in seconds, by the ledger; null where it never was done."),
  irreversible: z.array(z.string()).describe("What cannot be undone."),
  command: z.string().describe("To type for this part alone."),
});

/** Code and infrastructure in one rollback, where only one of them is asked for and both differ. */
const togetherSchema = strictObject({
  command: z.string().describe("To type."),
  seconds: z
    .number()
    .nonnegative()
    .nullable()
    .describe("How long that took the last times, in seconds; null where it never was done."),
  refused: z
    .string()
    .nullable()
    .describe("Why they cannot go back together; null where nothing is known that speaks against it."),
});

/** What a rollback would do, part by part: `slipway rollback --plan`. */
export const rollbackPreviewSchema = strictObject({
  from: releaseIdSchema.describe("The release that has the traffic."),
  to: releaseIdSchema.nullable().describe("The release that it goes to; null: what ran before the first release."),
  way: z
    .enum(["put-back", "go-on", "release"])
    .describe("`put-back`: the release ends; `release`: one of its own; `go-on`: one that was broken off."),
  parts: z.array(previewedPartSchema).describe("Each part, whether it goes or stays."),
  together: togetherSchema
    .nullable()
    .describe("Both in one, where code or infrastructure is asked for and both differ; null otherwise."),
  plan: planSummarySchema
    .nullable()
    .describe(
      "What Terraform would change, planned now and thrown away; null where the infrastructure stays, or it could not be planned.",
    ),
  problems: z.array(z.string()).describe("What the live system says: each is a sentence."),
  unknown: z.array(z.string()).describe("What could not be looked at: each is a sentence."),
  warnings: z.array(z.string()).describe("What to know before."),
});

export type RollbackPreview = z.output<typeof rollbackPreviewSchema>;
