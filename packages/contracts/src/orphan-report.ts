import * as z from "zod";
import { type ResourceService, resourceServices, resourceTypeSchema } from "./resource-types.ts";
import { strictObject } from "./strict-object.ts";

const service = z.enum(resourceServices as [ResourceService, ...ResourceService[]]);

const count = z.int().nonnegative();

/** Something that the scan could not find out. With a single one, nothing is called clean. */
const gapSchema = strictObject({
  subject: z.string().describe("What is not known: a type, `state prod`, `tags of lambda-function reports`."),
  kind: z
    .enum(["denied", "throttled", "deadline", "interrupted", "unreachable", "failed"])
    .describe(
      "`deadline`: the time for the scan was over. `interrupted`: it was asked to stop. `failed`: anything else.",
    ),
  why: z.string().describe("What happened, and why."),
  next: z.string().describe("What to do or type."),
});

const useSchema = strictObject({
  verdict: z
    .enum(["idle", "used", "unknown"])
    .describe("`unknown` where AWS keeps no record of it: never taken for idle."),
  why: z.string().describe("Why it is taken for that."),
});

const seenSchema = {
  type: resourceTypeSchema.describe("What kind of resource it is."),
  id: z.string().describe("What AWS CLI and Terraform know it by."),
  name: z.string().describe("What people know it by; equal to the id for most types."),
  arn: z.string().describe("Its ARN."),
  environment: z
    .string()
    .optional()
    .describe(
      "The environment whose state has it, or that it seems to belong to by its tag or its name; left out where none is.",
    ),
  createdAt: z.iso.datetime().optional().describe("ISO time at which it was made; left out where AWS does not say."),
  modifiedAt: z.iso
    .datetime()
    .optional()
    .describe(
      "ISO time of its last change, so that it is at least as old; left out where AWS says when it was made, or says neither.",
    ),
  ageDays: z
    .int()
    .nonnegative()
    .optional()
    .describe("Whole days since it was made, or since its last change; left out where AWS says neither."),
  tags: z
    .record(z.string(), z.string())
    .optional()
    .describe("Left out for a type that has no tags, and where they could not be read."),
  untagged: z
    .boolean()
    .describe("Whether it has no tags but AWS's own; false where they were not read, and for a type that has none."),
  use: useSchema.describe(
    "Whether it is in use: by what its service says, else its metrics of 30 days, else the day of its last use.",
  ),
};

const orphanSchema = strictObject({
  ...seenSchema,
  reason: z
    .string()
    .describe("Why it is one: `in no state`, `its function is gone`, `the rule that owned it expired on ...`."),
  monthlyCost: strictObject({
    usd: z.number().nonnegative().describe("In US dollars."),
    formula: z.string().describe("How that was reckoned."),
  })
    .optional()
    .describe("What it costs per month by being there, unused; left out where that is not known."),
  import: z
    .string()
    .optional()
    .describe("A shell command that brings it under Terraform; left out for types that Terraform has no resource for."),
  delete: z.array(z.string()).min(1).describe("Shell commands that delete it, in order."),
});

/** The one JSON document of `slipway orphans ... --output json`. */
export const orphanReportSchema = strictObject({
  version: z.literal(1).describe("Version of this document's schema."),
  target: z.string().describe("Which AWS was looked at: a result on local AWS is never called one of AWS."),
  account: z.string().describe("Id of the account that was scanned."),
  region: z.string().describe("The Region that was scanned."),
  scannedAt: z.iso.datetime().describe("ISO time on the target at which the scan was begun: ages are held against it."),
  durationMs: z.number().nonnegative().describe("How long it took, in milliseconds of wall-clock time."),
  environment: z.string().describe("What is shown: `all` or an environment."),
  services: z.array(service).min(1).describe("The services that were asked for."),
  verdict: z
    .enum(["clean", "orphans", "incomplete"])
    .describe(
      "`incomplete` beats everything: what was not seen may be an orphan, and what seems to be one may have an owner.",
    ),
  gaps: z.array(gapSchema).describe("What could not be found out; empty where all was seen."),
  states: z
    .array(
      strictObject({
        name: z.string().describe("The environment, `bootstrap`, or where it lies."),
        location: z.string().describe("Where it lies: `s3://BUCKET/KEY`, or a file."),
        outcome: z
          .enum(["read", "none", "failed"])
          .describe("`none`: there is no such state, as before the first apply."),
        serial: z
          .int()
          .nonnegative()
          .optional()
          .describe("Its serial; 0 where several are shown as one, left out unless it was read."),
        resources: z.int().nonnegative().describe("How many resources it has; 0 unless it was read."),
      }),
    )
    .describe(
      "The Terraform states that own resources: bootstrap's, those of the environments, all others in their bucket, and files that were named.",
    ),
  scanned: z
    .array(
      strictObject({
        type: resourceTypeSchema.describe("Which type."),
        complete: z.boolean().describe("Whether its listing came to its end."),
        found: count.describe("How many there are."),
        inState: count.describe("Those that a Terraform state owns."),
        byRule: count.describe("Those that an ownership rule owns."),
        otherwise: count.describe(
          "Those that are part of an owned resource, AWS's own, on their way out already, or kept as a way back.",
        ),
        orphans: count.describe("Those that nobody owns."),
        undecided: count.describe("Those of which a gap hides whether somebody owns them."),
      }),
    )
    .describe(
      "By type: how many there are, and who owns them. Everything of the account and Region, whatever is shown.",
    ),
  orphans: z.array(orphanSchema).describe("What nobody owns, of what is shown, by type and name."),
  undecided: z
    .array(strictObject({ ...seenSchema, reason: z.string().describe("Why nobody can say whether it is an orphan.") }))
    .describe(
      "In no state that could be read. Because of a gap nobody can say yet that they are orphans, so no command is given.",
    ),
  remarks: z
    .array(
      strictObject({
        ...seenSchema,
        owner: z.string().describe("The state that owns it, and its address there: `prod: aws_sns_topic.alarms`."),
      }),
    )
    .describe("Resources of Terraform states that have no tags or no use."),
  hidden: z
    .int()
    .nonnegative()
    .describe("How many orphans and undecided ones belong to another environment or to none, and are not shown."),
  rules: z
    .array(
      strictObject({
        reason: z.string().describe("Who owns them, and why no state has them, as the rule says."),
        matched: count.describe("How many resources it owns."),
        expired: z.boolean().describe("Whether its last day is over."),
        expires: z
          .string()
          .optional()
          .describe("The last day (UTC) on which it holds; left out where it holds for good."),
      }),
    )
    .describe("Ownership rules, and how many resources each of them owns. An expired rule owns none."),
  totals: strictObject({
    orphans: count.describe("How many there are."),
    untagged: count.describe("Those of them without tags."),
    idle: count.describe("Those of them without use."),
    monthlyUsd: z.number().nonnegative().describe("US dollars per month, to the cent, of those whose price is known."),
    withoutPrice: count.describe("Those of them whose price is not known."),
  }).describe("Sums over the orphans that are shown."),
});

export type OrphanReport = z.output<typeof orphanReportSchema>;
export type Orphan = OrphanReport["orphans"][number];
export type ScanGap = OrphanReport["gaps"][number];
export type ResourceUse = z.output<typeof useSchema>;
