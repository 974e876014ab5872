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
export const incidentIdSchema = z.string().regex(/^i[1-9]\d*$/, { error: "expected an incident such as i3" });

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
    /** One line. */
    title: text,
    severity: severitySchema,
    /** Why it has that severity: with numbers. */
    reasons: z.array(text).min(1),
    /** ISO time at which it began to hurt, as far as the numbers tell; before it was opened. */
    startedAt: z.iso.datetime(),
    signals: z.array(incidentSignalSchema),
    /** `rule`: by `slipway incident detect`; `person`: by `slipway incident open`. */
    openedBy: z.enum(["rule", "person"]),
  }),
  /** What a look has found: all signals that fire now; none, when it is quiet. Written only when it is another than before. */
  strictObject({
    type: z.literal("incident.observed"),
    ...incident,
    signals: z.array(incidentSignalSchema),
    impact: incidentImpactSchema.optional(),
  }),
  strictObject({
    type: z.literal("incident.classified"),
    ...incident,
    severity: severitySchema,
    reasons: z.array(text).min(1),
    /** What a person has said is not changed by rule any more. */
    classifiedBy: z.enum(["rule", "person"]),
  }),
  strictObject({ type: z.literal("incident.acknowledged"), ...incident }),
  /** A clock ran out and somebody else was told: `level` counts from 1. */
  strictObject({
    type: z.literal("incident.escalated"),
    ...incident,
    level: z.int().positive(),
    /** ISO time at which it should have been acknowledged. */
    dueAt: z.iso.datetime(),
    reason: text,
  }),
  strictObject({
    type: z.literal("incident.investigated"),
    ...incident,
    suspects: z.array(suspectSchema),
    proposal: proposalSchema,
    /** Sources that did not answer, with why. */
    withoutSources: z.array(strictObject({ source: text, why: text })),
  }),
  /** Something is about to be done about it, and what came of it. */
  strictObject({
    type: z.literal("incident.action-started"),
    ...incident,
    /** Unique in the incident: `a1`. */
    action: z.string().regex(/^a[1-9]\d*$/),
    kind: proposalSchema.shape.kind,
    /** As a person would type it. */
    command: text,
    because: text,
    automatic: z.boolean(),
  }),
  strictObject({
    type: z.literal("incident.action-ended"),
    ...incident,
    action: z.string().regex(/^a[1-9]\d*$/),
    outcome: z.enum(["done", "failed", "waits"]),
    found: text,
    /** The release that it was done by. */
    release: releaseIdSchema.optional(),
  }),
  /** What somebody has found out, done or decided. */
  strictObject({
    type: z.literal("incident.noted"),
    ...incident,
    text,
    /** A line of the checklist that it answers; `update`: what stakeholders were told; `action-item`: what is to be done about it later. */
    about: z.enum([...incidentItems, "update", "action-item", "note"]),
  }),
  strictObject({ type: z.literal("incident.role"), ...incident, role: z.enum(incidentRoles), person: text }),
  strictObject({
    type: z.literal("incident.resolved"),
    ...incident,
    /** ISO time from which on the numbers were good again. */
    resolvedAt: z.iso.datetime(),
    impact: incidentImpactSchema.optional(),
    /** What the numbers said. */
    verdict: verdictSchema,
    /** Why it is resolved all the same, where they did not say so; whose word it is, the entry says. */
    override: text.optional(),
  }),
  /** What was resolved has come back. */
  strictObject({
    type: z.literal("incident.reopened"),
    ...incident,
    signals: z.array(incidentSignalSchema),
    reason: text,
  }),
  strictObject({ type: z.literal("incident.closed"), ...incident, reason: text }),
] as const;

export type IncidentItem = (typeof incidentItems)[number];
export type IncidentRole = (typeof incidentRoles)[number];
