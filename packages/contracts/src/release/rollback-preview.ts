import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { planSummarySchema } from "./plan-summary.ts";
import { releaseIdSchema } from "./release-ids.ts";
import { rollbackParts } from "./release-plan.ts";

/** What differs in a part of an environment between what is live and where a rollback goes to. */
const previewedPartSchema = strictObject({
  part: z.enum(rollbackParts),
  /** Whether this rollback takes it back; otherwise it stays as it is. */
  goes: z.boolean(),
  /** null: nobody knows. */
  differs: z.boolean().nullable(),
  /** What differs, and what would be done, a line each. */
  lines: z.array(z.string()),
  /** How long it took the last times, by the ledger; null where it never was done. */
  seconds: z.number().nonnegative().nullable(),
  /** What cannot be undone. */
  irreversible: z.array(z.string()),
  /** To type for this part alone. */
  command: z.string(),
});

/** Code and infrastructure in one rollback, where only one of them is asked for and both differ. */
const togetherSchema = strictObject({
  /** To type. */
  command: z.string(),
  /** As of a part. */
  seconds: z.number().nonnegative().nullable(),
  /** Why they cannot go back together; null where nothing is known that speaks against it. */
  refused: z.string().nullable(),
});

/** What a rollback would do, part by part: `slipway rollback --plan`. */
export const rollbackPreviewSchema = strictObject({
  from: releaseIdSchema,
  /** null: what ran before the first release. */
  to: releaseIdSchema.nullable(),
  /** `put-back`: the release ends; `release`: one of its own; `go-on`: one that was broken off. */
  way: z.enum(["put-back", "go-on", "release"]),
  parts: z.array(previewedPartSchema),
  together: togetherSchema.nullable(),
  /** What Terraform would change, planned now and thrown away; null where the infrastructure stays, or it could not be planned. */
  plan: planSummarySchema.nullable(),
  /** What the live system says: each is a sentence. */
  problems: z.array(z.string()),
  unknown: z.array(z.string()),
  /** What to know before. */
  warnings: z.array(z.string()),
});

export type RollbackPreview = z.output<typeof rollbackPreviewSchema>;
