import * as z from "zod";
import { infrastructureFindingSchema } from "../infrastructure-findings.ts";
import { changeCountsSchema } from "../rehearsal-report.ts";
import { strictObject } from "../strict-object.ts";
import { releaseIdSchema, sha256HexSchema } from "./release-ids.ts";
import { sourceRevisionSchema } from "./source-revision.ts";

/** One resource of a plan. It has no values: they may be secret. */
const plannedResourceSchema = strictObject({
  address: z.string(),
  type: z.string(),
  action: z.enum(["add", "change", "replace", "destroy", "forget", "import", "move"]),
  /** Which arguments change. */
  attributes: z.array(z.string()).default([]),
  /** Which of them force a replacement. */
  because: z.array(z.string()).default([]),
  /** The address that it had before, where it moves. */
  from: z.string().optional(),
  /** Whether a later plan can bring back what was; absent where an older Slipway made the plan. */
  isReversible: z.boolean().optional(),
  /** What no plan brings back, as a clause: only where it is not reversible. */
  lost: z.string().min(1).optional(),
  /** Data that would be destroyed, with what holds it or by an update; its name as AWS knows it, unless that is sensitive. */
  destroys: strictObject({ what: z.string().min(1), name: z.string().min(1).optional() }).optional(),
});

/**
 * Whom a plan talks to, and where its state lies. A plan's JSON does not say what that was before, so it is recorded with each plan and
 * held against the one that was applied last.
 */
const planGroundSchema = strictObject({
  /** Of Terraform. */
  terraform: z.string(),
  /** What the lock file in the plan file says: `registry.terraform.io/hashicorp/aws`, and the version. */
  providers: z.array(strictObject({ source: z.string(), version: z.string() })),
  /** Each provider block: digests of its arguments, by their names. Credentials are left out, and values that are no constants. */
  providerBlocks: z.array(strictObject({ name: z.string(), arguments: z.record(z.string(), sha256HexSchema) })),
  /** Its type, and those settings that say where the state lies. */
  backend: strictObject({ type: z.string(), settings: z.record(z.string(), z.string()) }),
});

/** What a person has to know of a plan before saying yes, and what that yes is bound to. */
export const planSummarySchema = strictObject({
  version: z.literal(1),
  environment: z.string(),
  release: releaseIdSchema.nullable(),
  source: sourceRevisionSchema,
  planDigest: sha256HexSchema,
  stateSerial: z.int().nonnegative(),
  stateLineage: z.string(),
  /** ISO time. */
  at: z.iso.datetime(),
  changed: z.boolean(),
  counts: changeCountsSchema,
  /** Only those that change; `omitted` says how many more there are. */
  resources: z.array(plannedResourceSchema),
  omitted: z.int().nonnegative().default(0),
  /** Names of outputs that change. */
  outputs: z.array(z.string()).default([]),
  /** Highest risk first. */
  findings: z.array(infrastructureFindingSchema),
  /** How many more there are, all of which stop nothing. */
  omittedFindings: z.int().nonnegative().default(0),
  /** `stopped`: no approval helps, unless each finding that stops it is accepted by name. */
  gate: z.enum(["open", "stopped"]),
  ground: planGroundSchema.optional(),
});

export type PlanSummary = z.output<typeof planSummarySchema>;
export type PlanGround = z.output<typeof planGroundSchema>;
export type PlannedResource = z.output<typeof plannedResourceSchema>;
