import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { validationWindowSchema } from "../validation-measurements.ts";
import { releasedFunctionSchema } from "./ledger-entry.ts";
import { releaseIdSchema } from "./release-ids.ts";
import { releasePlanSchema, rollsBackSchema, stepKindSchema } from "./release-plan.ts";
import { rollbackPreviewSchema } from "./rollback-preview.ts";
import { sourceRevisionSchema } from "./source-revision.ts";

const time = z.iso.datetime();

/** A checkpoint of a release that is live. */
const checkpointSchema = strictObject({
  window: validationWindowSchema.describe(
    "Which checkpoint it is: after the first 5 minutes, the first hour, the first day.",
  ),
  state: z.enum(["pass", "fail", "unknown", "due"]).describe("`due`: it has not been judged yet."),
  at: time.describe("When it was judged, or from when on it can be."),
});

/** How far a step of a release is. */
const reportedStepSchema = strictObject({
  id: z.string().describe("Unique in its release, begins with the kind: `code.publish.api-handler`."),
  kind: stepKindSchema.describe("What kind of step it is."),
  title: z.string().describe("What it does, in words."),
  state: z
    .enum(["to-do", "started", "done", "nothing-to-do", "paused", "failed"])
    .describe("`to-do`: it was not begun; `started`: it was, and nobody knows how far it came."),
  summary: z.string().optional().describe("What came of it; absent before it has ended."),
  durationMs: z
    .number()
    .nonnegative()
    .optional()
    .describe("How long it took, in milliseconds; absent before it has ended."),
});

/** The one JSON document of `slipway deploy`, `resume`, `rollback` and `watch` with `--output json`. */
export const releaseReportSchema = strictObject({
  version: z.literal(1).describe("Version of this document's schema."),
  command: z.enum(["deploy", "resume", "rollback", "watch"]).describe("The command that was typed."),
  environment: z.string().describe("As in slipway.config.ts."),
  target: z.string().describe("`AWS`, `local AWS at http://127.0.0.1:4566`: what was rehearsed is never called AWS's."),
  outcome: z
    .enum(["planned", "nothing-to-do", "live", "done", "paused", "interrupted", "broken-off", "failed", "put-back"])
    .describe(
      "`planned`: only shown, nothing was changed. `nothing-to-do`: it is there already. `live`: it has all of the traffic; later checkpoints may be due. `done`: it is done, and was to move no traffic. `paused`: it waits for a person or for time, and can be gone on with. `interrupted`: it was asked to stop, and can be gone on with. `broken-off`: something went wrong on the way, and it can be gone on with. `failed`: it ended before it had any traffic. `put-back`: what ran before has the traffic again.",
    ),
  watched: z
    .enum(["nothing", "not-due", "passed", "failed", "put-back", "unknown", "busy", "interrupted"])
    .optional()
    .describe(
      "Of `slipway watch`: what came of watching. `not-due`: the next checkpoint is yet to come; `busy`: a later release is on its way, or somebody else has the lease; `failed`: a checkpoint failed for people to decide.",
    ),
  release: releaseIdSchema.nullable().describe("The release that it is about; null where none was ever begun."),
  source: sourceRevisionSchema.nullable().describe("What was released; null where no release was ever begun."),
  plan: releasePlanSchema.optional().describe("Only of what was planned."),
  preview: rollbackPreviewSchema.optional().describe("Only of `slipway rollback --plan`."),
  steps: z.array(reportedStepSchema).describe("The plan's steps in its order, then those of putting back."),
  functions: z
    .array(releasedFunctionSchema)
    .describe("What it made of each function; empty before it has made anything."),
  rollsBack: rollsBackSchema
    .omit({ functions: true })
    .optional()
    .describe("Only of a rollback that is a release of its own: from which release to which, and what of it."),
  verified: z
    .enum(["pass", "fail", "unknown"])
    .optional()
    .describe(
      "What a rollback found once the traffic was back; `unknown`: nothing is bad, and something could not be seen.",
    ),
  apiUrl: z.url().optional().describe("URL of the API's stage, as it is asked from here."),
  checkpoints: z
    .array(checkpointSchema)
    .describe("Its checkpoints that were judged, or can be; empty where it never was live, or was taken back."),
  reason: z.string().describe("Why it came out like that."),
  next: strictObject({
    first: z
      .string()
      .optional()
      .describe("What somebody has to do first, where it waits for that: approve a plan, make a backup."),
    goOn: z.string().optional().describe("Goes on with it; absent where there is nothing to go on with."),
    look: z.array(z.string()).describe("Where to look."),
    undo: z.string().optional().describe("Takes it back; absent where there is nothing to take back."),
    due: z.string().optional().describe("What is still to be done later; absent where nothing is."),
  }).describe("Commands to type: where to look, how to undo it, what is still due."),
  durationMs: z.number().nonnegative().describe("Wall-clock time of the command, in milliseconds."),
});

export type ReleaseReport = z.output<typeof releaseReportSchema>;
