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

const written = {
  at: isoTime.describe("when it was written down"),
  by: z.string().describe("who has written it, or whose command has"),
};

/** What `slipway show ENV RELEASE --output json` prints: everything that the ledger tells of a release. */
export const releaseStorySchema = strictObject({
  ...documentPlace,
  ...releaseShape,
  steps: z
    .array(
      strictObject({
        id: z.string().describe("unique in its release, begins with the kind: `code.publish.api-handler`"),
        kind: stepKindSchema.describe("what kind of step it is"),
        title: z.string().describe("what it does, in words"),
        state: z
          .enum(["to-do", "started", "done", "nothing-to-do", "paused", "failed"])
          .describe("`to-do`: it was not begun; `started`: it was, and nobody knows how far it came"),
        attempts: z.int().positive().optional().describe("how often it was begun; absent where it was not"),
        at: isoTime.optional().describe("when it was begun last; absent where it was not"),
        summary: z.string().nullable().describe("what came of it; null before it has ended"),
        durationMs: z
          .number()
          .nonnegative()
          .nullable()
          .describe("how long it took, in milliseconds; null before it has ended"),
        result: jsonSchema.describe("what it left behind, as the ledger has it; null where there is nothing"),
      }),
    )
    .describe("those of the plan in its order, then those of putting back"),
  plans: z
    .array(
      strictObject({
        ...written,
        type: z.literal("plan.made"),
        summary: planSummarySchema.describe("what the plan would do"),
      }),
    )
    .describe("plans of its infrastructure, oldest first"),
  approvals: z.array(ledgerBodyOf("approval.given").extend(written)).describe("who has said yes to them"),
  waivers: z
    .array(ledgerBodyOf("waiver.given").extend(written))
    .describe("who has answered for checks that do not pass"),
  settled: z
    .array(ledgerBodyOf("plan.settled").extend(written))
    .describe("what came of changes that were known only after the apply"),
  signOffs: z.array(ledgerBodyOf("sign-off.given").extend(written)).describe("who answers for what users say of it"),
  evidence: z
    .array(
      strictObject({
        ...written,
        type: z.literal("evidence"),
        step: z.string().describe("the step that asked"),
        evidence: z.array(evidenceSchema).describe("one for each check"),
      }),
    )
    .describe("what checks saw, by the step that asked"),
  verdicts: z
    .array(
      strictObject({
        ...written,
        type: z.literal("verdict"),
        step: z.string().describe("the step that looked"),
        look: z.int().positive().describe("number of the look, from 1"),
        verdict: verdictSchema.describe("what it came to"),
      }),
    )
    .describe("one for each look of a canary"),
  checkpoints: z
    .array(ledgerBodyOf("checkpoint.judged").omit({ measurements: true }).extend(written))
    .describe("how its checkpoints came out"),
  notifications: z
    .array(ledgerBodyOf("notification.sent").extend(written))
    .describe("what people were told, and whether it reached them"),
  turns: z
    .array(
      strictObject({
        ...written,
        what: z.string().describe("what happened"),
        reason: z.string().optional().describe("why; absent where nobody said"),
        next: z.string().optional().describe("what to do then; absent where there is nothing"),
      }),
    )
    .describe("its beginning, ends, pauses and resumptions, in their order"),
  rollbackChecklist: z
    .array(
      strictObject({
        item: z.enum(rollbackItems).describe("which line of the checklist it is"),
        title: z.string().describe("the line, in words"),
        state: z.enum(["done", "to-do", "bad"]).describe("`bad`: it was done, and did not come out well"),
        found: z.string().describe("what the ledger has of it; where it is to do, what to do"),
      }),
    )
    .optional()
    .describe("only of a rollback, and of what was put back"),
});
