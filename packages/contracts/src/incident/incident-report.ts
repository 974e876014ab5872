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
  state: z.enum(["due", "overdue", "escalated", "acknowledged", "stopped"]),
  dueAt: time,
  lateMs: milliseconds,
  leftMs: milliseconds,
  escalations: z.int().nonnegative(),
  /** Null where nobody is asked. */
  nextEscalationAt: time.nullable(),
});

/** An incident in a line. Times are ISO times on the target. */
export const incidentSummarySchema = strictObject({
  incident: incidentIdSchema,
  title: text,
  state: incidentStateSchema,
  severity: severitySchema,
  classifiedBy: z.enum(["rule", "person"]),
  startedAt: time,
  openedAt: time,
  openedBy: text,
  /** The first time. */
  acknowledgedAt: time.nullable(),
  acknowledgedBy: text.nullable(),
  resolvedAt: time.nullable(),
  closedAt: time.nullable(),
  /** How often it has come back. */
  reopened: z.int().nonnegative(),
  clock: incidentClockSchema,
});

const place = { version: z.literal(1), environment: text, target: text, now: time };

/** What `slipway incident list` prints. */
export const incidentListSchema = strictObject({
  ...place,
  /** The newest first. */
  incidents: z.array(incidentSummarySchema),
  /** Whether there are older ones. */
  isCut: z.boolean(),
});

/** What `slipway incident show` prints. */
export const incidentReportSchema = strictObject({
  ...place,
  ...incidentSummarySchema.shape,
  reasons: z.array(text),
  signals: z.array(incidentSignalSchema.extend({ lastSeenAt: time, clearedAt: time.optional() })),
  impact: incidentImpactSchema.nullable(),
  resolution: strictObject({ at: time, by: text, verdict: verdictSchema, override: text.optional() }).nullable(),
  suspects: z.array(suspectSchema),
  proposal: proposalSchema.nullable(),
  actions: z.array(
    strictObject({
      ...{ id: text, kind: z.enum(actionKinds), command: text, because: text, automatic: z.boolean(), by: text },
      ...{ startedAt: time, endedAt: time.optional(), state: z.enum(["running", "done", "failed", "waits"]) },
      ...{ found: text.optional(), release: text.optional() },
    }),
  ),
  roles: z.partialRecord(z.enum(incidentRoles), text),
  /** The release that had gone live last when it began: the answer to "what changed?", as far as releases are one. */
  lastRelease: strictObject({ release: text, liveAt: time, by: text, commit: text.nullable() }).nullable(),
  /** Oldest first. */
  timeline: z.array(timelineLineSchema),
  /** The guide's incident response checklist, in its order. */
  checklist: z.array(incidentChecklistLineSchema),
  /** What to type now; null where there is nothing left to do. */
  next: text.nullable(),
});

/** What the commands print that write something down: how it is now, and whether that was news. */
export const incidentChangeSchema = strictObject({
  ...place,
  ...incidentSummarySchema.shape,
  /** Whether something was written; otherwise the ledger said it already. */
  changed: z.boolean(),
  /** On how many channels people were told, and on how many they could not be: the timeline tells which. */
  messages: strictObject({ sent: z.int().nonnegative(), failed: z.int().nonnegative() }),
  next: text.nullable(),
});

export type IncidentSummary = z.output<typeof incidentSummarySchema>;
export type IncidentList = z.output<typeof incidentListSchema>;
export type IncidentReport = z.output<typeof incidentReportSchema>;
export type IncidentChange = z.output<typeof incidentChangeSchema>;
