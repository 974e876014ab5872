import * as z from "zod";
import { evidenceSchema } from "../evidence.ts";
import { jsonSchema } from "../json.ts";
import { planSummarySchema } from "../release/plan-summary.ts";
import { stepKindSchema } from "../release/release-plan.ts";
import { rollbackItems } from "../release/rollback-items.ts";
import { strictObject } from "../strict-object.ts";
import { verdictSchema } from "../verdict.ts";
import { documentPlace, isoTime } from "./document-parts.ts";
import { ledgerBodyOf } from "./ledger-body-of.ts";
import { releaseShape } from "./release-history.ts";

const written = { at: isoTime, by: z.string() };

/** What `slipway show ENV RELEASE --output json` prints: everything that the ledger tells of a release. */
export const releaseStorySchema = strictObject({
  ...documentPlace,
  ...releaseShape,
  steps: z
    .array(
      strictObject({
        id: z.string(),
        kind: stepKindSchema,
        title: z.string(),
        state: z.enum(["to-do", "started", "done", "nothing-to-do", "paused", "failed"]),
        attempts: z.int().positive().optional(),
        at: isoTime.optional(),
        summary: z.string().nullable(),
        durationMs: z.number().nonnegative().nullable(),
        result: jsonSchema.describe("what it left behind, as the ledger has it; null where there is nothing"),
      }),
    )
    .describe("those of the plan in its order, then those of putting back"),
  plans: z.array(strictObject({ ...written, type: z.literal("plan.made"), summary: planSummarySchema })),
  approvals: z.array(ledgerBodyOf("approval.given").extend(written)),
  waivers: z.array(ledgerBodyOf("waiver.given").extend(written)),
  settled: z.array(ledgerBodyOf("plan.settled").extend(written)),
  signOffs: z.array(ledgerBodyOf("sign-off.given").extend(written)),
  evidence: z.array(
    strictObject({ ...written, type: z.literal("evidence"), step: z.string(), evidence: z.array(evidenceSchema) }),
  ),
  verdicts: z
    .array(
      strictObject({
        ...written,
        type: z.literal("verdict"),
        step: z.string(),
        look: z.int().positive(),
        verdict: verdictSchema,
      }),
    )
    .describe("one for each look of a canary"),
  checkpoints: z.array(ledgerBodyOf("checkpoint.judged").omit({ measurements: true }).extend(written)),
  notifications: z.array(ledgerBodyOf("notification.sent").extend(written)),
  turns: z
    .array(strictObject({ ...written, what: z.string(), reason: z.string().optional(), next: z.string().optional() }))
    .describe("its beginning, ends, pauses and resumptions, in their order"),
  rollbackChecklist: z
    .array(
      strictObject({
        item: z.enum(rollbackItems),
        title: z.string(),
        state: z.enum(["done", "to-do", "bad"]),
        found: z.string().describe("what the ledger has of it; where it is to do, what to do"),
      }),
    )
    .optional()
    .describe("only of a rollback, and of what was put back"),
});
