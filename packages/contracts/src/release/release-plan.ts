import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { validationWindowSchema } from "../validation-measurements.ts";
import { releaseIdSchema, sha256HexSchema } from "./release-ids.ts";
import { sourceRevisionSchema } from "./source-revision.ts";
import { undoRequestSchema } from "./undo-request.ts";

/** Every kind of step, in the order in which a release takes them; the last three are the way back, and in no plan. */
export const stepKinds = [
  "checklist",
  "data.freeze",
  "data.restore",
  "data.verify",
  "data.settings",
  "data.adopt",
  "infrastructure.plan",
  "infrastructure.approve",
  "infrastructure.apply",
  "infrastructure.validate",
  "code.package",
  "code.upload",
  "code.publish",
  "code.prove",
  "traffic.shift",
  "traffic.judge",
  "traffic.promote",
  "traffic.return",
  "traffic.verify",
  "smoke",
  "data.retire",
  "data.discard",
  "checkpoint",
  "data.export",
  "data.select",
  "data.write-back",
  "traffic.restore",
  "data.thaw",
  "infrastructure.settle",
] as const;

export const stepKindSchema = z.enum(stepKinds);

/** One thing that a release does. */
export const plannedStepSchema = strictObject({
  /** Unique in its plan, begins with the kind: `code.publish.api-handler`, `traffic.shift.10`, `checkpoint.immediate`. */
  id: z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/),
  kind: stepKindSchema,
  /** What it does, in words for one line: `publish api-handler`. */
  title: z.string().min(1),
  /** Why it is in the plan, or why it is like that, where that is no matter of course. */
  because: z.string().min(1).optional(),
  /** The section of the guide that it is about, such as `Phase 2: Lambda Deployment`. */
  guide: z.string().min(1),
  /** What a person should know who wonders whether to begin: what it changes, and how it is undone. */
  undo: z.string().min(1),
  /** The function that it is about, by its name in the configuration. */
  function: z.string().optional(),
  /** The new version's share of the traffic, for `traffic.shift` and `traffic.judge`. */
  percent: z.number().positive().max(100).optional(),
  /** How long `traffic.judge` watches, in seconds. */
  holdSeconds: z.number().nonnegative().optional(),
  /** What a `checkpoint` judges. */
  window: validationWindowSchema.optional(),
});

/** A version that had traffic before the first release, and that no release has made. */
export const adoptedVersionSchema = strictObject({
  /** By its name in the configuration. */
  function: z.string(),
  functionName: z.string(),
  alias: z.string(),
  version: z.string(),
});

/** What can be taken back. */
export const rollbackParts = ["code", "infrastructure", "data"] as const;

/** A function's version that a rollback goes to, as the ledger has it from the release that made it. */
export const returnedFunctionSchema = strictObject({
  /** By its name in the configuration. */
  function: z.string(),
  functionName: z.string(),
  alias: z.string(),
  /** What has the traffic before the rollback, and what will have it. */
  from: z.string(),
  version: z.string(),
  /** Of the code of that version. */
  artifactSha256: sha256HexSchema,
  /** Where that code lies in S3: for a new version of it, where the configuration has to be another one. */
  artifact: strictObject({ sha256Base64: z.string(), bytes: z.int().positive(), bucket: z.string(), key: z.string() }),
});

/** A table that is restored under another name, and takes the place of the one that it was restored from: DynamoDB renames none. */
export const tableRestoreSchema = strictObject({
  /** The table that is in use before. */
  table: z.string().min(3),
  /** What the restored one is called: in the plan, so that whoever goes on restores no second one. */
  restored: z.string().min(3),
  /** To the state just before a second, or from an on-demand backup. */
  to: z.union([strictObject({ time: z.iso.datetime() }), strictObject({ backup: z.string().startsWith("arn:") })]),
  /** Where Terraform has the table: `module.items.module.table.aws_dynamodb_table.this`. */
  address: z.string().min(1),
  /** The root module's variable that says which table is in use; absent where it is only restored, and not switched to. */
  variable: z.string().min(1).optional(),
  /** Until when (UTC) the table before is kept. */
  keepUntil: z.iso.date(),
});

/** What makes a release a rollback: it makes nothing new, and goes to where an earlier release was. */
export const rollsBackSchema = strictObject({
  /** The release that has the traffic, and whose work is taken back. */
  from: releaseIdSchema,
  /** The release whose work is there afterwards; the same as `from` where only data goes back. */
  to: releaseIdSchema,
  parts: z.array(z.enum(rollbackParts)).min(1),
  /** Of the code part: everything that moving the traffic takes, so that nothing has to be looked up for it. */
  functions: z.array(returnedFunctionSchema),
  /** Of the data part, where a table is restored. */
  restore: tableRestoreSchema.optional(),
  /** Of the infrastructure part: restored tables that are in use, by the root module's variable, where the commit may not say so. */
  tablesInUse: z.record(z.string(), strictObject({ name: z.string().min(3), former: z.string().min(3) })).optional(),
});

/** What a release will do: made once, shown, written to the ledger, and followed; a resumed release follows the same plan. */
export const releasePlanSchema = strictObject({
  version: z.literal(1),
  environment: z.string().min(1),
  release: releaseIdSchema,
  source: sourceRevisionSchema,
  /** The release that ran before, which this one can be put back to; null for the first. */
  previous: releaseIdSchema.nullable(),
  /** Where `previous` is null and there was traffic all the same: what somebody has deployed by hand, and it can be put back to. */
  adopts: z.array(adoptedVersionSchema).min(1).optional(),
  /** Only of a rollback. */
  rollsBack: rollsBackSchema.optional(),
  /** What the steps `data.export`, `data.select` and `data.write-back` go by. */
  undo: undoRequestSchema.optional(),
  steps: z.array(plannedStepSchema).min(1),
});

export type StepKind = z.output<typeof stepKindSchema>;
export type RollbackPart = (typeof rollbackParts)[number];
export type ReturnedFunction = z.output<typeof returnedFunctionSchema>;
export type TableRestore = z.output<typeof tableRestoreSchema>;
export type RollsBack = z.output<typeof rollsBackSchema>;
export type AdoptedVersion = z.output<typeof adoptedVersionSchema>;
export type PlannedStep = z.output<typeof plannedStepSchema>;
export type ReleasePlan = z.output<typeof releasePlanSchema>;
