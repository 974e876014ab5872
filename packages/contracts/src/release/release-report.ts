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
  window: validationWindowSchema,
  /** `due`: it has not been judged yet. */
  state: z.enum(["pass", "fail", "unknown", "due"]),
  /** When it was judged, or from when on it can be. */
  at: time,
});

/** How far a step of a release is. */
const reportedStepSchema = strictObject({
  id: z.string(),
  kind: stepKindSchema,
  title: z.string(),
  /** `to-do`: it was not begun; `started`: it was, and nobody knows how far it came. */
  state: z.enum(["to-do", "started", "done", "nothing-to-do", "paused", "failed"]),
  summary: z.string().optional(),
  durationMs: z.number().nonnegative().optional(),
});

/** The one JSON document of `slipway deploy`, `resume`, `rollback` and `watch` with `--output json`. */
export const releaseReportSchema = strictObject({
  version: z.literal(1),
  command: z.enum(["deploy", "resume", "rollback", "watch"]),
  environment: z.string(),
  /** `AWS`, `local AWS at http://127.0.0.1:4566`: what was rehearsed is never called AWS's. */
  target: z.string(),
  /**
   * - `planned`: only shown, nothing was changed
   * - `nothing-to-do`: it is there already
   * - `live`: it has all of the traffic; later checkpoints may be due
   * - `done`: it is done, and was to move no traffic
   * - `paused`: it waits for a person or for time, and can be gone on with
   * - `interrupted`: it was asked to stop, and can be gone on with
   * - `broken-off`: something went wrong on the way, and it can be gone on with
   * - `failed`: it ended before it had any traffic
   * - `put-back`: what ran before has the traffic again
   */
  outcome: z.enum([
    "planned",
    "nothing-to-do",
    "live",
    "done",
    "paused",
    "interrupted",
    "broken-off",
    "failed",
    "put-back",
  ]),
  /**
   * Of `slipway watch`: what came of watching. `not-due`: the next checkpoint is yet to come; `busy`: a later release is on its way, or
   * somebody else has the lease; `failed`: a checkpoint failed for people to decide.
   */
  watched: z.enum(["nothing", "not-due", "passed", "failed", "put-back", "unknown", "busy", "interrupted"]).optional(),
  /** The release that it is about; null where none was ever begun. */
  release: releaseIdSchema.nullable(),
  source: sourceRevisionSchema.nullable(),
  /** Only of what was planned. */
  plan: releasePlanSchema.optional(),
  /** Only of `slipway rollback --plan`. */
  preview: rollbackPreviewSchema.optional(),
  steps: z.array(reportedStepSchema),
  functions: z.array(releasedFunctionSchema),
  /** Only of a rollback that is a release of its own: from which release to which, and what of it. */
  rollsBack: rollsBackSchema.omit({ functions: true }).optional(),
  /** What a rollback found once the traffic was back; `unknown`: nothing is bad, and something could not be seen. */
  verified: z.enum(["pass", "fail", "unknown"]).optional(),
  /** URL of the API's stage, as it is asked from here. */
  apiUrl: z.url().optional(),
  checkpoints: z.array(checkpointSchema),
  /** Why it came out like that. */
  reason: z.string(),
  /** Commands to type: where to look, how to undo it, what is still due. */
  next: strictObject({
    /** What somebody has to do first, where it waits for that: approve a plan, make a backup. */
    first: z.string().optional(),
    goOn: z.string().optional(),
    look: z.array(z.string()),
    undo: z.string().optional(),
    due: z.string().optional(),
  }),
  /** Wall-clock time of the command. */
  durationMs: z.number().nonnegative(),
});

export type ReleaseReport = z.output<typeof releaseReportSchema>;
