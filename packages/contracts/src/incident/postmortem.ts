import * as z from "zod";
import { releaseIdSchema } from "../release/release-ids.ts";
import { strictObject } from "../strict-object.ts";
import { errorBudgetSchema } from "./error-budget.ts";
import { incidentIdSchema, incidentItems, incidentRoles } from "./incident-entries.ts";
import { incidentImpactSchema } from "./incident-impact.ts";
import { suspectSchema } from "./investigation.ts";
import { actionKinds } from "./proposal.ts";
import { severitySchema } from "./severity.ts";

const time = z.iso.datetime();
const text = z.string().min(1);

/** What happened, and where that is known from. */
export const timelineLineSchema = strictObject({
  at: time,
  source: z.enum(["metrics", "alarm", "incident", "release", "person"]),
  /** Who did it; absent where nobody did. */
  by: text.optional(),
  text,
});

/** When an incident came to its turns; null where it has not, or nobody knows. */
export const incidentTimesSchema = strictObject({
  /** When it began to hurt, as far as the numbers tell. */
  startedAt: time,
  detectedAt: time,
  acknowledgedAt: time.nullable(),
  /** When the last thing was done that helped: an action, or a rollback. */
  mitigatedAt: time.nullable(),
  /** From when on the numbers were good again. */
  resolvedAt: time.nullable(),
  closedAt: time.nullable(),
});

/** A line of the guide's incident response checklist, as it stands. */
export const incidentChecklistLineSchema = strictObject({
  item: z.enum(incidentItems),
  title: text,
  state: z.enum(["done", "to-do", "bad"]),
  /** What the ledger has of it; where it is to do, what to do. */
  found: text,
});

/** A release that may have contributed, with what it brought. */
export const contributingChangeSchema = suspectSchema.extend({
  /** Who released it, and what: from the ledger; absent where the release is not there any more. */
  by: text.optional(),
  commit: z.string().optional(),
  commits: z.array(strictObject({ commit: z.string(), subject: z.string(), author: z.string() })),
  /** Commits that are not listed. */
  moreCommits: z.int().nonnegative(),
  /** Why commits are not known, where that is so. */
  withoutCommits: text.optional(),
});

/** Something that was done about it. */
const actionSchema = strictObject({
  kind: z.enum(actionKinds),
  command: text,
  because: text,
  automatic: z.boolean(),
  by: text,
  startedAt: time,
  endedAt: time.nullable(),
  state: z.enum(["running", "done", "failed", "waits"]),
  found: text.optional(),
  release: releaseIdSchema.optional(),
});

/** What somebody has written down. */
const wordSchema = strictObject({ at: time, by: text, text });

/** What is drawn: sums and percentiles by period, as the metrics have them; a period in which nobody asked anything is not there. */
export const incidentSeriesSchema = strictObject({
  from: time,
  to: time,
  periodSeconds: z.int().positive(),
  points: z.array(
    strictObject({
      at: time,
      requests: z.number().nonnegative(),
      failed: z.number().nonnegative(),
      /** 99th percentile of the slowest stage, in milliseconds. */
      latencyP99Ms: z.number().nonnegative().nullable(),
    }),
  ),
});

/** A moment that charts mark. */
export const incidentMarkSchema = strictObject({
  at: time,
  kind: z.enum(["release", "detected", "mitigated", "resolved"]),
  label: text,
});

/** Everything that a post-mortem is written from: `slipway incident postmortem ENV ID --output json`. */
export const postmortemSchema = strictObject({
  version: z.literal(1),
  environment: z.string(),
  target: z.string(),
  incident: incidentIdSchema,
  madeAt: time,
  title: text,
  severity: severitySchema,
  reasons: z.array(text),
  state: z.enum(["open", "acknowledged", "resolved", "closed"]),
  openedBy: text,
  roles: z.partialRecord(z.enum(incidentRoles), text),
  reopened: z.int().nonnegative(),
  times: incidentTimesSchema,
  impact: incidentImpactSchema.nullable(),
  budget: errorBudgetSchema.nullable(),
  /** The limit that slow answers are above, in milliseconds. */
  slowMs: z.number().positive(),
  series: incidentSeriesSchema.nullable(),
  marks: z.array(incidentMarkSchema),
  /** What is not known, with why. */
  gaps: z.array(text),
  signals: z.array(strictObject({ what: text, since: time, clearedAt: time.nullable() })),
  timeline: z.array(timelineLineSchema),
  /** Releases that are suspected, the likeliest first. */
  changes: z.array(contributingChangeSchema),
  /** The others that went live in the day before it began, or while it hurt, oldest first. */
  otherReleases: z.array(
    strictObject({ release: releaseIdSchema, liveAt: time, by: text, what: text, commit: z.string().nullable() }),
  ),
  actions: z.array(actionSchema),
  resolution: strictObject({ reason: text, override: text.optional(), by: text }).nullable(),
  rootCause: wordSchema.nullable(),
  actionItems: z.array(wordSchema),
  checklist: z.array(incidentChecklistLineSchema),
  /** What only people know. */
  questions: z.array(text).min(1),
});

export type TimelineLine = z.output<typeof timelineLineSchema>;
export type IncidentTimes = z.output<typeof incidentTimesSchema>;
export type IncidentChecklistLine = z.output<typeof incidentChecklistLineSchema>;
export type ContributingChange = z.output<typeof contributingChangeSchema>;
export type IncidentSeries = z.output<typeof incidentSeriesSchema>;
export type IncidentMark = z.output<typeof incidentMarkSchema>;
export type Postmortem = z.output<typeof postmortemSchema>;
