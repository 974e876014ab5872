import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { verdictSchema } from "../verdict.ts";
import { incidentIdSchema, incidentRoles } from "./incident-entries.ts";
import { incidentImpactSchema } from "./incident-impact.ts";
import { incidentSignalSchema } from "./incident-signal.ts";
import { suspectSchema } from "./investigation.ts";
import { incidentChecklistLineSchema, timelineLineSchema } from "./postmortem.ts";
import { actionKinds, proposalSchema } from "./proposal.ts";
import { severitySchema } from "./severity.ts";

const time = z.iso.datetime();
const text = z.string();
const milliseconds = z.number().nonnegative();

export const incidentStateSchema = z.enum(["open", "acknowledged", "resolved", "closed"]);

/** How people's answer stands: until when it is due, by how much it is late, and how often others were told. */
export const incidentClockSchema = strictObject({
  state: z
    .enum(["due", "overdue", "escalated", "acknowledged", "stopped"])
    .describe(
      "`due`: somebody has to answer until `dueAt`; `overdue`: nobody did; `escalated`: and others were told; `acknowledged`: somebody is at it; `stopped`: it is over.",
    ),
  dueAt: time.describe("ISO time until which somebody has to be at it."),
  lateMs: milliseconds.describe("By how much that was late, or is, in milliseconds; 0 where it is not."),
  leftMs: milliseconds.describe("How much time is left, in milliseconds; 0 where there is none."),
  escalations: z.int().nonnegative().describe("How often others were told because nobody answered."),
  nextEscalationAt: time.nullable().describe("ISO time at which others are told next; null where nobody is asked."),
});

/** An incident in a line. Times are ISO times on the target. */
export const incidentSummarySchema = strictObject({
  incident: incidentIdSchema.describe("Its id: `i1`."),
  title: text.describe("What it is, in a line."),
  state: incidentStateSchema.describe("How far it is; `acknowledged`: somebody is at it."),
  severity: severitySchema.describe("1 (critical) to 4 (low), by the definitions of the guide."),
  classifiedBy: z.enum(["rule", "person"]).describe("Who has said how bad it is; what a person says, no rule changes."),
  startedAt: time.describe("When it began to hurt, as far as the numbers tell."),
  openedAt: time.describe("When it was opened."),
  openedBy: text.describe("Who opened it, or the rule that did."),
  acknowledgedAt: time.nullable().describe("When somebody was at it, the first time; null where nobody is."),
  acknowledgedBy: text.nullable().describe("Who was the first to be at it; null where nobody is."),
  resolvedAt: time.nullable().describe("From when on the numbers were good again; null while they are not."),
  closedAt: time.nullable().describe("When it was closed; null while it is not."),
  reopened: z.int().nonnegative().describe("How often it has come back."),
  clock: incidentClockSchema.describe("How people's answer stands."),
});

const place = {
  version: z.literal(1).describe("Version of this document's schema."),
  environment: text.describe("As in slipway.config.ts."),
  target: text.describe("AWS, or local AWS at its address: what was rehearsed on local AWS is never called AWS's."),
  now: time.describe("The time on the target."),
};

/** What `slipway incident list` prints. */
export const incidentListSchema = strictObject({
  ...place,
  incidents: z.array(incidentSummarySchema).describe("The newest first."),
  isCut: z.boolean().describe("Whether there are older ones."),
});

/** What `slipway incident show` prints. */
export const incidentReportSchema = strictObject({
  ...place,
  ...incidentSummarySchema.shape,
  reasons: z.array(text).describe("Why it has this severity."),
  signals: z
    .array(
      incidentSignalSchema.extend({
        lastSeenAt: time.describe("When it was seen last."),
        clearedAt: time.optional().describe("When it was gone; absent while it is not."),
      }),
    )
    .describe("What was measured that is not as it should be."),
  impact: incidentImpactSchema.nullable().describe("Whom it has hit; null where that was not counted yet."),
  resolution: strictObject({
    at: time.describe("When it was written down."),
    by: text.describe("Who resolved it."),
    verdict: verdictSchema.describe("What the numbers said then."),
    override: text
      .optional()
      .describe("Why it was resolved although the numbers did not say so; absent where they did."),
  })
    .nullable()
    .describe("How it was resolved; null while it is not."),
  suspects: z.array(suspectSchema).describe("Releases that may be the cause, the likeliest first."),
  proposal: proposalSchema.nullable().describe("What to do next; null where nobody has investigated yet."),
  actions: z
    .array(
      strictObject({
        ...{
          id: text.describe("Its id in the incident: `a1`."),
          kind: z.enum(actionKinds).describe("What was done."),
          command: text.describe("As a person would type it."),
          because: text.describe("Why."),
          automatic: z.boolean().describe("Whether it was done without a person."),
          by: text.describe("Who did it, or the rule that did."),
        },
        ...{
          startedAt: time.describe("When it was begun."),
          endedAt: time.optional().describe("When it ended; absent while it runs."),
          state: z.enum(["running", "done", "failed", "waits"]).describe("`waits`: for a person."),
        },
        ...{
          found: text.optional().describe("What came of it; absent while it runs."),
          release: text.optional().describe("The release that did it, where one did."),
        },
      }),
    )
    .describe("What was done about it, in order."),
  roles: z.partialRecord(z.enum(incidentRoles), text).describe("Who has which part in it, by the part."),
  lastRelease: strictObject({
    release: text.describe("Its id."),
    liveAt: time.describe("When all of the traffic went to it."),
    by: text.describe("Who released it."),
    commit: text.nullable().describe("The commit that it was made of; null outside of a git repository."),
  })
    .nullable()
    .describe(
      'The release that had gone live last when it began: the answer to "what changed?", as far as releases are one.',
    ),
  timeline: z.array(timelineLineSchema).describe("Oldest first."),
  checklist: z.array(incidentChecklistLineSchema).describe("The guide's incident response checklist, in its order."),
  next: text.nullable().describe("What to type now; null where there is nothing left to do."),
});

/** What the commands print that write something down: how it is now, and whether that was news. */
export const incidentChangeSchema = strictObject({
  ...place,
  ...incidentSummarySchema.shape,
  changed: z.boolean().describe("Whether something was written; otherwise the ledger said it already."),
  messages: strictObject({
    sent: z.int().nonnegative().describe("On how many they were."),
    failed: z.int().nonnegative().describe("On how many they could not be."),
  }).describe("On how many channels people were told, and on how many they could not be: the timeline tells which."),
  next: text.nullable().describe("What to type now; null where there is nothing left to do."),
});

export type IncidentSummary = z.output<typeof incidentSummarySchema>;
export type IncidentList = z.output<typeof incidentListSchema>;
export type IncidentReport = z.output<typeof incidentReportSchema>;
export type IncidentChange = z.output<typeof incidentChangeSchema>;
