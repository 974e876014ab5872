import * as z from "zod";
import { type ResourceService, resourceServices, resourceTypeSchema } from "./resource-types.ts";
import { strictObject } from "./strict-object.ts";

const service = z.enum(resourceServices as [ResourceService, ...ResourceService[]]);

/** Something that the scan could not find out. With a single one, nothing is called clean. */
const gapSchema = strictObject({
  /** What is not known: a type, `state prod`, `tags of lambda-function reports`. */
  subject: z.string(),
  kind: z.enum(["denied", "throttled", "deadline", "interrupted", "unreachable", "failed"]),
  why: z.string(),
  next: z.string(),
});

const useSchema = strictObject({
  /** `unknown` where AWS keeps no record of it: never taken for idle. */
  verdict: z.enum(["idle", "used", "unknown"]),
  why: z.string(),
});

const seenSchema = {
  type: resourceTypeSchema,
  /** What AWS CLI and Terraform know it by. */
  id: z.string(),
  /** What people know it by; equal to the id for most types. */
  name: z.string(),
  arn: z.string(),
  /** The environment that it seems to belong to, by its tag or its name. */
  environment: z.string().optional(),
  createdAt: z.iso.datetime().optional(),
  /** Where AWS does not say when it was made: the last change, so that it is at least as old. */
  modifiedAt: z.iso.datetime().optional(),
  ageDays: z.int().nonnegative().optional(),
  /** Left out for a type that has no tags, and where they could not be read. */
  tags: z.record(z.string(), z.string()).optional(),
  untagged: z.boolean(),
  use: useSchema,
};

const orphanSchema = strictObject({
  ...seenSchema,
  /** Why it is one: `in no state`, `its function is gone`, `the rule that owned it expired on ...`. */
  reason: z.string(),
  /** US dollars per month, and how it was computed; left out where the price is not known. */
  monthlyCost: strictObject({ usd: z.number().nonnegative(), formula: z.string() }).optional(),
  /** A shell command that brings it under Terraform; left out for types that Terraform has no resource for. */
  import: z.string().optional(),
  /** Shell commands that delete it, in order. */
  delete: z.array(z.string()).min(1),
});

/** The one JSON document of `slipway orphans ... --output json`. */
export const orphanReportSchema = strictObject({
  version: z.literal(1),
  /** Which AWS was looked at: a result on local AWS is never called one of AWS. */
  target: z.string(),
  account: z.string(),
  region: z.string(),
  scannedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  /** What is shown: `all` or an environment. */
  environment: z.string(),
  services: z.array(service).min(1),
  /** `incomplete` beats everything: what was not seen may be an orphan, and what seems to be one may have an owner. */
  verdict: z.enum(["clean", "orphans", "incomplete"]),
  gaps: z.array(gapSchema),
  states: z.array(
    strictObject({
      /** The environment, `bootstrap`, or where it lies. */
      name: z.string(),
      location: z.string(),
      /** `none`: there is no such state, as before the first apply. */
      outcome: z.enum(["read", "none", "failed"]),
      serial: z.int().nonnegative().optional(),
      resources: z.int().nonnegative(),
    }),
  ),
  /** By type: how many there are, and who owns them. Everything of the account and Region, whatever is shown. */
  scanned: z.array(
    strictObject({
      type: resourceTypeSchema,
      complete: z.boolean(),
      found: z.int().nonnegative(),
      inState: z.int().nonnegative(),
      byRule: z.int().nonnegative(),
      /** Part of an owned resource, AWS's own, or on its way out already. */
      otherwise: z.int().nonnegative(),
      orphans: z.int().nonnegative(),
      undecided: z.int().nonnegative(),
    }),
  ),
  orphans: z.array(orphanSchema),
  /** In no state that could be read. Because of a gap nobody can say yet that they are orphans, so no command is given. */
  undecided: z.array(strictObject({ ...seenSchema, reason: z.string() })),
  /** Owned resources without tags or without use. */
  remarks: z.array(strictObject({ ...seenSchema, owner: z.string() })),
  /** Orphans and undecided ones that belong to another environment or to none, and are not shown. */
  hidden: z.int().nonnegative(),
  /** Ownership rules, and how many resources each of them owns. An expired rule owns none. */
  rules: z.array(
    strictObject({
      reason: z.string(),
      matched: z.int().nonnegative(),
      expired: z.boolean(),
      expires: z.string().optional(),
    }),
  ),
  totals: strictObject({
    orphans: z.int().nonnegative(),
    untagged: z.int().nonnegative(),
    idle: z.int().nonnegative(),
    /** Of the orphans whose price is known. */
    monthlyUsd: z.number().nonnegative(),
    withoutPrice: z.int().nonnegative(),
  }),
});

export type OrphanReport = z.output<typeof orphanReportSchema>;
export type Orphan = OrphanReport["orphans"][number];
export type ScanGap = OrphanReport["gaps"][number];
export type ResourceUse = z.output<typeof useSchema>;
