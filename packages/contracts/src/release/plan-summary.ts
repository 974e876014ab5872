import * as z from "zod";
import { infrastructureFindingSchema } from "../infrastructure-findings.ts";
import { changeCountsSchema } from "../rehearsal-report.ts";
import { strictObject } from "../strict-object.ts";
import { releaseIdSchema, sha256HexSchema } from "./release-ids.ts";
import { sourceRevisionSchema } from "./source-revision.ts";

/** One resource of a plan. It has no values: they may be secret. */
const plannedResourceSchema = strictObject({
  address: z.string().describe("Terraform's address of the resource."),
  type: z.string().describe("Terraform's type: `aws_lambda_function`."),
  action: z
    .enum(["add", "change", "replace", "destroy", "forget", "import", "move"])
    .describe("What would be done with it; `forget`: Terraform lets go of it, and it stays."),
  attributes: z.array(z.string()).default([]).describe("Which arguments change."),
  because: z.array(z.string()).default([]).describe("Which of them force a replacement."),
  from: z.string().optional().describe("The address that it had before, where it moves."),
  isReversible: z
    .boolean()
    .optional()
    .describe("Whether a later plan can bring back what was; absent where an older Slipway made the plan."),
  lost: z
    .string()
    .min(1)
    .optional()
    .describe("What no plan brings back, as a clause: only where it is not reversible."),
  destroys: strictObject({
    what: z.string().min(1).describe("What would be destroyed: `expiring objects of the bucket`."),
    name: z
      .string()
      .min(1)
      .optional()
      .describe("What it is called on AWS; absent where that is sensitive or not known."),
  })
    .optional()
    .describe(
      "Data that would be destroyed, with what holds it or by an update; its name as AWS knows it, unless that is sensitive.",
    ),
});

/**
 * Whom a plan talks to, and where its state lies. A plan's JSON does not say what that was before, so it is recorded with each plan and
 * held against the one that was applied last.
 */
const planGroundSchema = strictObject({
  terraform: z.string().describe("Version of Terraform."),
  providers: z
    .array(
      strictObject({
        source: z.string().describe("Where the provider comes from: `registry.terraform.io/hashicorp/aws`."),
        version: z.string().describe("Version of the provider."),
      }),
    )
    .describe("What the lock file in the plan file says: `registry.terraform.io/hashicorp/aws`, and the version."),
  providerBlocks: z
    .array(
      strictObject({
        name: z.string().describe("Name of the provider, and its alias where it has one."),
        arguments: z.record(z.string(), sha256HexSchema).describe("SHA-256 of each argument, by its name."),
      }),
    )
    .describe(
      "Each provider block: digests of its arguments, by their names. Credentials are left out, and values that are no constants.",
    ),
  backend: strictObject({
    type: z.string().describe("Kind of backend: `s3`."),
    settings: z.record(z.string(), z.string()).describe("Settings by their names: bucket, key, Region."),
  }).describe("Its type, and those settings that say where the state lies."),
});

/** What a person has to know of a plan before saying yes, and what that yes is bound to. */
export const planSummarySchema = strictObject({
  version: z.literal(1).describe("Version of this document's schema."),
  environment: z.string().describe("As in slipway.config.ts."),
  release: releaseIdSchema
    .nullable()
    .describe("The release that it was planned for; null where somebody only wanted to see it."),
  source: sourceRevisionSchema.describe("What was checked out: the plan is bound to it."),
  planDigest: sha256HexSchema.describe("SHA-256 of the plan file's bytes: what an approval is bound to."),
  stateSerial: z.int().nonnegative().describe("Serial of the state that it was planned on; 0 where there is none yet."),
  stateLineage: z.string().describe("Lineage of that state, which tells it from all others."),
  at: z.iso.datetime().describe("ISO time at which it was planned."),
  changed: z.boolean().describe("Whether an apply would change anything."),
  counts: changeCountsSchema.describe("How many resources would be added, changed and destroyed."),
  resources: z.array(plannedResourceSchema).describe("Only those that change; `omitted` says how many more there are."),
  omitted: z.int().nonnegative().default(0).describe("How many more there are, for which there was no room."),
  outputs: z.array(z.string()).default([]).describe("Names of outputs that change."),
  findings: z.array(infrastructureFindingSchema).describe("Highest risk first."),
  omittedFindings: z.int().nonnegative().default(0).describe("How many more there are, all of which stop nothing."),
  gate: z
    .enum(["open", "stopped"])
    .describe("`stopped`: no approval helps, unless each finding that stops it is accepted by name."),
  ground: planGroundSchema
    .optional()
    .describe("Whom the plan talks to, and where its state lies; absent in plans of older versions."),
});

export type PlanSummary = z.output<typeof planSummarySchema>;
export type PlanGround = z.output<typeof planGroundSchema>;
export type PlannedResource = z.output<typeof plannedResourceSchema>;
