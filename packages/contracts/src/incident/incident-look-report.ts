import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { incidentIdSchema } from "./incident-entries.ts";
import { incidentSummarySchema } from "./incident-report.ts";
import { incidentSignalSchema } from "./incident-signal.ts";

/** What `slipway incident detect` prints: what one look has found, and what it has done. Times are ISO times on the target. */
export const incidentLookReportSchema = strictObject({
  version: z.literal(1),
  environment: z.string().describe("As in slipway.config.ts."),
  target: z
    .string()
    .describe("AWS, or local AWS at its address: what was rehearsed on local AWS is never called AWS's."),
  now: z.iso.datetime().describe("The time on the target."),
  outcome: z
    .enum(["quiet", "open", "unknown"])
    .describe(
      "`open`: an incident is under way, or would be if rules opened any; `unknown`: none is, and not everything could be looked at.",
    ),
  groups: z
    .array(
      strictObject({
        topic: z
          .enum(["service", "backups", "monitoring", "operations"])
          .describe(
            "What they are about: what users see, backups that were not made, what watches, or work that somebody has begun.",
          ),
        incident: incidentIdSchema.nullable().describe("The incident that they belong to; null where they open none."),
        why: z.string().optional().describe("Why they open none; absent where they do."),
        signals: z.array(incidentSignalSchema).describe("What was measured."),
      }),
    )
    .describe("What is not as it should be, by what has one cause."),
  unknown: z
    .array(
      strictObject({
        source: z.string().describe("What was to be looked at."),
        why: z.string().describe("Why it could not be."),
        next: z.string().optional().describe("What to do about that; absent where nothing helps."),
      }),
    )
    .describe("What could not be looked at: it is neither good nor bad."),
  changes: z
    .array(strictObject({ incident: incidentIdSchema, what: z.string().describe("Which kind of change.") }))
    .describe(
      "What was written down of incidents: `opened`, `observed`, `classified`, `escalated`, `resolved`, `reopened`.",
    ),
  incidents: z.array(incidentSummarySchema).describe("Those that are under way."),
  next: z.string().nullable().describe("What to type now; null where nothing is to be done."),
});

export type IncidentLookReport = z.output<typeof incidentLookReportSchema>;
