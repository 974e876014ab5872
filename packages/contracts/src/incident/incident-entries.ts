import * as z from "zod";
import { releaseIdSchema } from "../release/release-ids.ts";
import { strictObject } from "../strict-object.ts";
import { verdictSchema } from "../verdict.ts";
import { incidentImpactSchema } from "./incident-impact.ts";
import { incidentSignalSchema } from "./incident-signal.ts";
import { suspectSchema } from "./investigation.ts";
import { proposalSchema } from "./proposal.ts";
import { severitySchema } from "./severity.ts";

/** `i1`, `i2`, ... in the order in which they were opened. */
export const incidentIdSchema = z
  .string()
  .regex(/^i[1-9]\d*$/, { error: "expected an incident such as i3" })
  .describe("An incident, by its id in its environment: `i3` is the third.");

const incident = { incident: incidentIdSchema };
const text = z.string().trim().min(1);

/** The lines of the guide's incident response checklist, in its order. */
export const incidentItems = [
  "classified",
  "stakeholders",
  "root-cause",
  "fix",
  "deployed",
  "verified",
  "documented",
  "post-mortem",
  "preventive",
  "documentation",
] as const;

/** Who does what; the guide's team lead is the commander. */
export const incidentRoles = ["commander", "communications", "operations", "scribe"] as const;

/** What is written down of incidents, by its type. An incident is told by its id: entries of several may be mixed. */
export const incidentBodies = [
  strictObject({
    type: z.literal("incident.opened"),
    ...incident,
    title: text.describe("One line."),
    severity: severitySchema.describe("1 (critical) to 4 (low), by the definitions of the guide."),
    reasons: z.array(text).min(1).describe("Why it has that severity: with numbers."),
    startedAt: z.iso
      .datetime()
      .describe("ISO time at which it began to hurt, as far as the numbers tell; before it was opened."),
    signals: z.array(incidentSignalSchema).describe("What was measured that is not as it should be."),
    openedBy: z
      .enum(["rule", "person"])
      .describe("`rule`: by `slipway incident detect`; `person`: by `slipway incident open`."),
  }),
  /** What a look has found: all signals that fire now; none, when it is quiet. Written only when it is another than before. */
  strictObject({
    type: z.literal("incident.observed"),
    ...incident,
    signals: z.array(incidentSignalSchema).describe("All signals that fire now; none where it is quiet."),
    impact: incidentImpactSchema.optional().describe("Whom it has hit so far; absent where that was not counted."),
  }),
  strictObject({
    type: z.literal("incident.classified"),
    ...incident,
    severity: severitySchema.describe("1 (critical) to 4 (low), by the definitions of the guide."),
    reasons: z.array(text).min(1).describe("Why it has that severity: with numbers."),
    classifiedBy: z.enum(["rule", "person"]).describe("What a person has said is not changed by rule any more."),
  }),
  strictObject({ type: z.literal("incident.acknowledged"), ...incident }),
  /** A clock ran out and somebody else was told: `level` counts from 1. */
  strictObject({
    type: z.literal("incident.escalated"),
    ...incident,
    level: z.int().positive().describe("How often others were told by then, from 1."),
    dueAt: z.iso.datetime().describe("ISO time at which it should have been acknowledged."),
    reason: text.describe("What is told to them."),
  }),
  strictObject({
    type: z.literal("incident.investigated"),
    ...incident,
    suspects: z.array(suspectSchema).describe("Releases that may be the cause, the likeliest first."),
    proposal: proposalSchema.describe("What to do next, and why."),
    withoutSources: z
      .array(
        strictObject({ source: text.describe("Where it was looked."), why: text.describe("Why it did not answer.") }),
      )
      .describe("Sources that did not answer, with why."),
  }),
  /** Something is about to be done about it, and what came of it. */
  strictObject({
    type: z.literal("incident.action-started"),
    ...incident,
    action: z
      .string()
      .regex(/^a[1-9]\d*$/)
      .describe("Unique in the incident: `a1`."),
    kind: proposalSchema.shape.kind.describe("What is done."),
    command: text.describe("As a person would type it."),
    because: text.describe("Why."),
    automatic: z.boolean().describe("Whether it is done without a person."),
  }),
  strictObject({
    type: z.literal("incident.action-ended"),
    ...incident,
    action: z
      .string()
      .regex(/^a[1-9]\d*$/)
      .describe("Its id in the incident: `a1`."),
    outcome: z.enum(["done", "failed", "waits"]).describe("`waits`: for a person."),
    found: text.describe("What came of it."),
    release: releaseIdSchema.optional().describe("The release that it was done by."),
  }),
  /** What somebody has found out, done or decided. */
  strictObject({
    type: z.literal("incident.noted"),
    ...incident,
    text: text.describe("Their words."),
    about: z
      .enum([...incidentItems, "update", "action-item", "note"])
      .describe(
        "A line of the checklist that it answers; `update`: what stakeholders were told; `action-item`: what is to be done about it later.",
      ),
  }),
  strictObject({
    type: z.literal("incident.role"),
    ...incident,
    role: z.enum(incidentRoles).describe("Which part."),
    person: text.describe("Who has it."),
  }),
  strictObject({
    type: z.literal("incident.resolved"),
    ...incident,
    resolvedAt: z.iso.datetime().describe("ISO time from which on the numbers were good again."),
    impact: incidentImpactSchema.optional().describe("Whom it has hit; absent where that was not counted."),
    verdict: verdictSchema.describe("What the numbers said."),
    override: text
      .optional()
      .describe("Why it is resolved all the same, where they did not say so; whose word it is, the entry says."),
  }),
  /** What was resolved has come back. */
  strictObject({
    type: z.literal("incident.reopened"),
    ...incident,
    signals: z.array(incidentSignalSchema).describe("What has come back."),
    reason: text.describe("Why it is open again."),
  }),
  strictObject({ type: z.literal("incident.closed"), ...incident, reason: text.describe("Why it is closed.") }),
] as const;

export type IncidentItem = (typeof incidentItems)[number];
export type IncidentRole = (typeof incidentRoles)[number];
