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
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/)
    .describe(
      "Unique in its plan, begins with the kind: `code.publish.api-handler`, `traffic.shift.10`, `checkpoint.immediate`.",
    ),
  kind: stepKindSchema.describe("What kind of step it is."),
  title: z.string().min(1).describe("What it does, in words for one line: `publish api-handler`."),
  because: z
    .string()
    .min(1)
    .optional()
    .describe("Why it is in the plan, or why it is like that, where that is no matter of course."),
  guide: z.string().min(1).describe("The section of the guide that it is about, such as `Phase 2: Lambda Deployment`."),
  undo: z
    .string()
    .min(1)
    .describe("What a person should know who wonders whether to begin: what it changes, and how it is undone."),
  function: z.string().optional().describe("The function that it is about, by its name in the configuration."),
  percent: z
    .number()
    .positive()
    .max(100)
    .optional()
    .describe("The new version's share of the traffic, for `traffic.shift` and `traffic.judge`."),
  holdSeconds: z.number().nonnegative().optional().describe("How long `traffic.judge` watches, in seconds."),
  window: validationWindowSchema.optional().describe("What a `checkpoint` judges."),
});

/** A version that had traffic before the first release, and that no release has made. */
export const adoptedVersionSchema = strictObject({
  function: z.string().describe("By its name in the configuration."),
  functionName: z.string().describe("As AWS calls it."),
  alias: z.string().describe("The alias that has its traffic."),
  version: z.string().describe("The version that had the traffic."),
});

/** What can be taken back. */
export const rollbackParts = ["code", "infrastructure", "data"] as const;

/** A function's version that a rollback goes to, as the ledger has it from the release that made it. */
export const returnedFunctionSchema = strictObject({
  function: z.string().describe("By its name in the configuration."),
  functionName: z.string().describe("As AWS calls it."),
  alias: z.string().describe("The alias that has its traffic."),
  from: z.string().describe("The version that has the traffic before the rollback."),
  version: z.string().describe("The version that has it afterwards."),
  artifactSha256: sha256HexSchema.describe("Of the code of that version."),
  artifact: strictObject({
    sha256Base64: z.string().describe("SHA-256 of the zip file, in Base64."),
    bytes: z.int().positive().describe("Its size, in bytes."),
    bucket: z.string().describe("The bucket."),
    key: z.string().describe("The key of the object."),
  }).describe("Where that code lies in S3: for a new version of it, where the configuration has to be another one."),
});

/** A table that is restored under another name, and takes the place of the one that it was restored from: DynamoDB renames none. */
export const tableRestoreSchema = strictObject({
  table: z.string().min(3).describe("The table that is in use before."),
  restored: z
    .string()
    .min(3)
    .describe("What the restored one is called: in the plan, so that whoever goes on restores no second one."),
  to: z
    .union([
      strictObject({ time: z.iso.datetime().describe("ISO time, whole seconds.") }),
      strictObject({ backup: z.string().startsWith("arn:").describe("The backup's ARN.") }),
    ])
    .describe("To the state just before a second, or from an on-demand backup."),
  address: z
    .string()
    .min(1)
    .describe("Where Terraform has the table: `module.items.module.table.aws_dynamodb_table.this`."),
  variable: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The root module's variable that says which table is in use; absent where it is only restored, and not switched to.",
    ),
  keepUntil: z.iso.date().describe("Until when (UTC) the table before is kept."),
});

/** What makes a release a rollback: it makes nothing new, and goes to where an earlier release was. */
export const rollsBackSchema = strictObject({
  from: releaseIdSchema.describe("The release that has the traffic, and whose work is taken back."),
  to: releaseIdSchema.describe(
    "The release whose work is there afterwards; the same as `from` where only data goes back.",
  ),
  parts: z.array(z.enum(rollbackParts)).min(1).describe("What goes back."),
  functions: z
    .array(returnedFunctionSchema)
    .describe(
      "Of the code part: everything that moving the traffic takes, so that nothing has to be looked up for it.",
    ),
  restore: tableRestoreSchema.optional().describe("Of the data part, where a table is restored."),
  tablesInUse: z
    .record(
      z.string(),
      strictObject({
        name: z.string().min(3).describe("What the table in use is called."),
        former: z.string().min(3).describe("What it was called before the restore."),
      }),
    )
    .optional()
    .describe(
      "Of the infrastructure part: restored tables that are in use, by the root module's variable, where the commit may not say so.",
    ),
});

/** What a release will do: made once, shown, written to the ledger, and followed; a resumed release follows the same plan. */
export const releasePlanSchema = strictObject({
  version: z.literal(1).describe("Version of the plan's schema."),
  environment: z.string().min(1).describe("As in slipway.config.ts."),
  release: releaseIdSchema,
  source: sourceRevisionSchema.describe("What is released."),
  previous: releaseIdSchema
    .nullable()
    .describe("The release that ran before, which this one can be put back to; null for the first."),
  adopts: z
    .array(adoptedVersionSchema)
    .min(1)
    .optional()
    .describe(
      "Where `previous` is null and there was traffic all the same: what somebody has deployed by hand, and it can be put back to.",
    ),
  rollsBack: rollsBackSchema.optional().describe("Only of a rollback."),
  undo: undoRequestSchema
    .optional()
    .describe("What the steps `data.export`, `data.select` and `data.write-back` go by."),
  steps: z.array(plannedStepSchema).min(1).describe("What it does, in order."),
});

export type StepKind = z.output<typeof stepKindSchema>;
export type RollbackPart = (typeof rollbackParts)[number];
export type ReturnedFunction = z.output<typeof returnedFunctionSchema>;
export type TableRestore = z.output<typeof tableRestoreSchema>;
export type RollsBack = z.output<typeof rollsBackSchema>;
export type AdoptedVersion = z.output<typeof adoptedVersionSchema>;
export type PlannedStep = z.output<typeof plannedStepSchema>;
export type ReleasePlan = z.output<typeof releasePlanSchema>;
