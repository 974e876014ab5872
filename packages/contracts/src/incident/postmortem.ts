import * as z from "zod";
import { releaseIdSchema } from "../release/release-ids.ts";
import { strictObject } from "../strict-object.ts";
import { errorBudgetSchema } from "./error-budget.ts";
import { incidentIdSchema, incidentItems, incidentRoles } from "./incident-entries.ts";
import { incidentImpactSchema } from "./incident-impact.ts";
import { suspectSchema } from "./investigation.ts";
import { listedCommitSchema } from "./listed-commit.ts";
import { actionKinds } from "./proposal.ts";
import { severitySchema } from "./severity.ts";

const time = z.iso.datetime();
const text = z.string().min(1);

/** What happened, and where that is known from. */
export const timelineLineSchema = strictObject({
  at: time.describe("When it was."),
  source: z.enum(["metrics", "alarm", "incident", "release", "person"]).describe("Where that is known from."),
  by: text.optional().describe("Who did it; absent where nobody did."),
  text: text.describe("What happened, in a sentence."),
});

/** When an incident came to its turns; null where it has not, or nobody knows. */
export const incidentTimesSchema = strictObject({
  startedAt: time.describe("When it began to hurt, as far as the numbers tell."),
  detectedAt: time.describe("When it was opened."),
  acknowledgedAt: time.nullable().describe("When somebody was at it, the first time."),
  mitigatedAt: time.nullable().describe("When the last thing was done that helped: an action, or a rollback."),
  resolvedAt: time.nullable().describe("From when on the numbers were good again."),
  closedAt: time.nullable().describe("When it was closed."),
});

/** A line of the guide's incident response checklist, as it stands. */
export const incidentChecklistLineSchema = strictObject({
  item: z.enum(incidentItems).describe("Which line of the checklist it is."),
  title: text.describe("The line, in words."),
  state: z.enum(["done", "to-do", "bad"]).describe("`bad`: it was done, and did not come out well."),
  found: text.describe("What the ledger has of it; where it is to do, what to do."),
});

/** A release that may have contributed, with what it brought. */
export const contributingChangeSchema = suspectSchema.extend({
  by: text
    .optional()
    .describe("Who released it, and what: from the ledger; absent where the release is not there any more."),
  commit: z.string().optional().describe("The commit that it was made of; absent where that is not known."),
  commits: z.array(listedCommitSchema).describe("What it brought, the newest first."),
  moreCommits: z.int().nonnegative().describe("Commits that are not listed."),
  withoutCommits: text.optional().describe("Why commits are not known, where that is so."),
});

/** Something that was done about it. */
const actionSchema = strictObject({
  kind: z.enum(actionKinds).describe("What was done."),
  command: text.describe("As a person would type it."),
  because: text.describe("Why."),
  automatic: z.boolean().describe("Whether it was done without a person."),
  by: text.describe("Who did it, or the rule that did."),
  startedAt: time.describe("When it was begun."),
  endedAt: time.nullable().describe("When it ended; null while it runs."),
  state: z.enum(["running", "done", "failed", "waits"]).describe("`waits`: for a person."),
  found: text.optional().describe("What came of it; absent while it runs."),
  release: releaseIdSchema.optional().describe("The release that did it, where one did."),
});

/** What somebody has written down. */
const wordSchema = strictObject({
  at: time.describe("When it was written down."),
  by: text.describe("Who has written it."),
  text: text.describe("Their words."),
});

/** What is drawn: sums and percentiles by period, as the metrics have them; a period in which nobody asked anything is not there. */
export const incidentSeriesSchema = strictObject({
  from: time.describe("From when on."),
  to: time.describe("Until when."),
  periodSeconds: z.int().positive().describe("Length of a period, in seconds."),
  points: z
    .array(
      strictObject({
        at: time.describe("When the period begins."),
        requests: z.number().nonnegative().describe("Requests at the API's stages."),
        failed: z.number().nonnegative().describe("Of these answered with 5xx."),
        latencyP99Ms: z
          .number()
          .nonnegative()
          .nullable()
          .describe("99th percentile of the slowest stage, in milliseconds; null where nothing was measured."),
      }),
    )
    .describe("One for each period in which somebody asked something."),
});

/** A moment that charts mark. */
export const incidentMarkSchema = strictObject({
  at: time.describe("When it was."),
  kind: z.enum(["release", "detected", "mitigated", "resolved"]).describe("What it was."),
  label: text.describe("What stands at it."),
});

/** Everything that a post-mortem is written from: `slipway incident postmortem ENV ID --output json`. */
export const postmortemSchema = strictObject({
  version: z.literal(1).describe("Version of this document's schema."),
  environment: z.string().describe("As in slipway.config.ts."),
  target: z
    .string()
    .describe("AWS, or local AWS at its address: what was rehearsed on local AWS is never called AWS's."),
  incident: incidentIdSchema.describe("Its id: `i1`."),
  madeAt: time.describe("When this was put together."),
  title: text.describe("What it was, in a line."),
  severity: severitySchema.describe("1 (critical) to 4 (low), by the definitions of the guide."),
  reasons: z.array(text).describe("Why it has this severity."),
  state: z.enum(["open", "acknowledged", "resolved", "closed"]).describe("How far it is."),
  openedBy: text.describe("Who opened it, or the rule that did."),
  roles: z.partialRecord(z.enum(incidentRoles), text).describe("Who has which part in it, by the part."),
  reopened: z.int().nonnegative().describe("How often it has come back."),
  times: incidentTimesSchema.describe("When it came to its turns; null where it has not, or nobody knows."),
  impact: incidentImpactSchema.nullable().describe("Whom it has hit; null where that is not known."),
  budget: errorBudgetSchema
    .nullable()
    .describe("What it has used of what may fail; null where no objective is set, or that is not known."),
  slowMs: z.number().positive().describe("The limit that slow answers are above, in milliseconds."),
  series: incidentSeriesSchema.nullable().describe("What its charts are drawn of; null where there are no numbers."),
  marks: z.array(incidentMarkSchema).describe("Moments that the charts mark."),
  gaps: z.array(text).describe("What is not known, with why."),
  signals: z
    .array(
      strictObject({
        what: text.describe("One sentence with the measured number and its limit."),
        since: time.describe("When it began."),
        clearedAt: time.nullable().describe("When it was gone; null where it is not."),
      }),
    )
    .describe("What was measured that was not as it should be."),
  timeline: z.array(timelineLineSchema).describe("What happened, oldest first."),
  changes: z.array(contributingChangeSchema).describe("Releases that are suspected, the likeliest first."),
  otherReleases: z
    .array(
      strictObject({
        release: releaseIdSchema.describe("Its id."),
        liveAt: time.describe("When all of the traffic went to it."),
        by: text.describe("Who released it."),
        what: text.describe("What was released."),
        commit: z.string().nullable().describe("The commit that it was made of; null outside of a git repository."),
      }),
    )
    .describe("The others that went live in the day before it began, or while it hurt, oldest first."),
  actions: z.array(actionSchema).describe("What was done about it, in order."),
  resolution: strictObject({
    reason: text.describe("What the numbers said."),
    override: text.optional().describe("Why it was resolved although they did not say so; absent where they did."),
    by: text.describe("Who resolved it."),
  })
    .nullable()
    .describe("How it was resolved; null while it is not."),
  rootCause: wordSchema.nullable().describe("The root cause, as somebody has written it down; null while nobody has."),
  actionItems: z.array(wordSchema).describe("What is to be done about it later."),
  checklist: z.array(incidentChecklistLineSchema).describe("The guide's incident response checklist, in its order."),
  questions: z.array(text).min(1).describe("What only people know."),
});

export type TimelineLine = z.output<typeof timelineLineSchema>;
export type IncidentTimes = z.output<typeof incidentTimesSchema>;
export type IncidentChecklistLine = z.output<typeof incidentChecklistLineSchema>;
export type ContributingChange = z.output<typeof contributingChangeSchema>;
export type IncidentSeries = z.output<typeof incidentSeriesSchema>;
export type IncidentMark = z.output<typeof incidentMarkSchema>;
export type Postmortem = z.output<typeof postmortemSchema>;
