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
  /** `stopped`: no approval helps, unless each finding that stops it is accepted by name. */
  gate: z.enum(["open", "stopped"]),
});

export type PlanSummary = z.output<typeof planSummarySchema>;
export type PlannedResource = z.output<typeof plannedResourceSchema>;
