import * as z from "zod";
import { type ResourceService, resourceServices, resourceTypeSchema } from "./resource-types.ts";
import { strictObject } from "./strict-object.ts";

const service = z.enum(resourceServices as [ResourceService, ...ResourceService[]]);

/** Something that the scan could not find out. With a single one, nothing is called clean. */
const gapSchema = strictObject({
  subject: z.string().describe("What is not known: a type, `state prod`, `tags of lambda-function reports`."),
  kind: z.enum(["denied", "throttled", "deadline", "interrupted", "unreachable", "failed"]),
  why: z.string(),
  next: z.string(),
});

const useSchema = strictObject({
  verdict: z
    .enum(["idle", "used", "unknown"])
    .describe("`unknown` where AWS keeps no record of it: never taken for idle."),
  why: z.string(),
});

const seenSchema = {
  type: resourceTypeSchema,
  id: z.string().describe("What AWS CLI and Terraform know it by."),
  name: z.string().describe("What people know it by; equal to the id for most types."),
  arn: z.string(),
  environment: z.string().optional().describe("The environment that it seems to belong to, by its tag or its name."),
  createdAt: z.iso.datetime().optional(),
  modifiedAt: z.iso
    .datetime()
    .optional()
    .describe("Where AWS does not say when it was made: the last change, so that it is at least as old."),
  ageDays: z.int().nonnegative().optional(),
  tags: z
    .record(z.string(), z.string())
    .optional()
    .describe("Left out for a type that has no tags, and where they could not be read."),
  untagged: z.boolean(),
  use: useSchema,
};

const orphanSchema = strictObject({
  ...seenSchema,
  reason: z
    .string()
    .describe("Why it is one: `in no state`, `its function is gone`, `the rule that owned it expired on ...`."),
  monthlyCost: strictObject({ usd: z.number().nonnegative(), formula: z.string() })
    .optional()
    .describe("US dollars per month, and how it was computed; left out where the price is not known."),
  import: z
    .string()
    .optional()
    .describe("A shell command that brings it under Terraform; left out for types that Terraform has no resource for."),
  delete: z.array(z.string()).min(1).describe("Shell commands that delete it, in order."),
});

/** The one JSON document of `slipway orphans ... --output json`. */
export const orphanReportSchema = strictObject({
  version: z.literal(1),
  target: z.string().describe("Which AWS was looked at: a result on local AWS is never called one of AWS."),
  account: z.string(),
  region: z.string(),
  scannedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  environment: z.string().describe("What is shown: `all` or an environment."),
  services: z.array(service).min(1),
  verdict: z
    .enum(["clean", "orphans", "incomplete"])
    .describe(
      "`incomplete` beats everything: what was not seen may be an orphan, and what seems to be one may have an owner.",
    ),
  gaps: z.array(gapSchema),
  states: z.array(
    strictObject({
      name: z.string().describe("The environment, `bootstrap`, or where it lies."),
      location: z.string(),
      outcome: z
        .enum(["read", "none", "failed"])
        .describe("`none`: there is no such state, as before the first apply."),
      serial: z.int().nonnegative().optional(),
      resources: z.int().nonnegative(),
    }),
  ),
  scanned: z
    .array(
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
    )
    .describe(
      "By type: how many there are, and who owns them. Everything of the account and Region, whatever is shown.",
    ),
  orphans: z.array(orphanSchema),
  undecided: z
    .array(strictObject({ ...seenSchema, reason: z.string() }))
    .describe(
      "In no state that could be read. Because of a gap nobody can say yet that they are orphans, so no command is given.",
    ),
  remarks: z
    .array(strictObject({ ...seenSchema, owner: z.string() }))
    .describe("Owned resources without tags or without use."),
  hidden: z
    .int()
    .nonnegative()
    .describe("Orphans and undecided ones that belong to another environment or to none, and are not shown."),
  rules: z
    .array(
      strictObject({
        reason: z.string(),
        matched: z.int().nonnegative(),
        expired: z.boolean(),
        expires: z.string().optional(),
      }),
    )
    .describe("Ownership rules, and how many resources each of them owns. An expired rule owns none."),
  totals: strictObject({
    orphans: z.int().nonnegative(),
    untagged: z.int().nonnegative(),
    idle: z.int().nonnegative(),
    monthlyUsd: z.number().nonnegative().describe("Of the orphans whose price is known."),
    withoutPrice: z.int().nonnegative(),
  }),
});

export type OrphanReport = z.output<typeof orphanReportSchema>;
export type Orphan = OrphanReport["orphans"][number];
export type ScanGap = OrphanReport["gaps"][number];
export type ResourceUse = z.output<typeof useSchema>;
