import * as z from "zod";
import { jsonSchema } from "../json.ts";
import { changeCountsSchema } from "../rehearsal-report.ts";
import { smokeResultSchema } from "../smoke-result.ts";
import { strictObject } from "../strict-object.ts";
import { validationWindowSchema } from "../validation-measurements.ts";
import { verdictSchema } from "../verdict.ts";
import { sha256HexSchema } from "./release-ids.ts";
import type { StepKind } from "./release-plan.ts";

/** Where a function's traffic goes: before a step, and after it. */
const movedAliasSchema = strictObject({
  /** By its name in the configuration. */
  function: z.string(),
  functionName: z.string(),
  alias: z.string(),
  /** The version that had all of the traffic, or the larger part of it. */
  from: z.string(),
  to: z.string(),
});

/** Where a function is after its traffic went back, and what its versions have done since. */
const verifiedFunctionSchema = strictObject({
  /** By its name in the configuration. */
  function: z.string(),
  functionName: z.string(),
  alias: z.string(),
  /** The version that all of the traffic has to go to. */
  version: z.string(),
  /** Calls through the alias since it was moved, by the version that answered them; null where nobody could count. */
  calls: strictObject({
    version: z.number().nonnegative(),
    others: z.number().nonnegative(),
    errors: z.number().nonnegative(),
  }).nullable(),
});

const trafficSchema = strictObject({ percent: z.number(), functions: z.array(movedAliasSchema) });

/** Outputs of the environment's root module; a sensitive one is the text `(sensitive value)`. */
const outputsSchema = z.record(z.string(), jsonSchema);

/** How many checks came out how. */
const evidenceCounts = {
  pass: z.int().nonnegative(),
  fail: z.int().nonnegative(),
  unknown: z.int().nonnegative(),
  waived: z.int().nonnegative(),
};

const moment = z.int().nonnegative();

/** A complete export of a table's changes. */
const finishedExportSchema = strictObject({
  arn: z.string().min(1).describe("Its ARN."),
  bucket: z.string().min(1).describe("The bucket that it was written to."),
  manifest: z.string().min(1).describe("Key of its summary manifest there."),
  from: moment.describe("When it begins, in milliseconds since the epoch: that moment is part of it."),
  to: moment.describe("When it ends, in milliseconds since the epoch: that moment is no part of it."),
  items: z.int().nonnegative().describe("How many items it has, by DynamoDB's count: those that were changed."),
});

const count = z.int().nonnegative();

/** What a step leaves behind for those after it, by its kind. All of it is in the ledger, so a resumed release knows it, too. */
export const stepResultSchemas = {
  checklist: strictObject(evidenceCounts),
  "data.freeze": strictObject({
    table: z.string(),
    /** ISO time from which on the table has refused writes. */
    since: z.iso.datetime(),
    /** The table's own policy before, as JSON; null where it had none. */
    policyBefore: z.string().nullable(),
  }),
  "data.restore": strictObject({
    table: z.string(),
    /** How long the restore took, as far as it was watched. */ watchedMs: z.number().nonnegative(),
  }),
  "data.verify": strictObject({
    ...evidenceCounts,
    items: z.int().nonnegative(),
    /** Of all items of the restored table, in whatever order. */
    digest: sha256HexSchema,
  }),
  "data.settings": strictObject({
    ...evidenceCounts,
    /** Names of the settings that the restore had dropped, and that were given back. */
    reapplied: z.array(z.string()),
    /** Names of the alarms that watched the table before. */
    alarms: z.array(z.string()),
  }),
  "data.adopt": strictObject({
    address: z.string(),
    /** Name of the copy of the state that was made before. */
    stateBackup: z.string(),
    /** Of the state afterwards. */
    stateSerial: z.int().nonnegative(),
  }),
  "data.retire": strictObject({
    ...evidenceCounts,
    table: z.string(),
    keepUntil: z.iso.date(),
    /** From the freeze until the restored table took writes; null where writes were not stopped. */
    writesStoppedMs: z.number().nonnegative().nullable(),
  }),
  "data.discard": strictObject({ table: z.string() }),
  "data.thaw": strictObject({
    table: z.string(),
    /** Whether the table had been frozen. */
    thawed: z.boolean(),
    /** Whether Terraform had the restored one. */
    readopted: z.boolean(),
    /** Of the state as it was left; absent where it was not looked at, because nothing of it was changed. */
    stateSerial: z.int().nonnegative().optional(),
    /** The restored table where it is left behind. */
    leftBehind: z.string().nullable(),
  }),
  "infrastructure.plan": strictObject({
    /** Of the plan file's bytes. */
    planDigest: sha256HexSchema,
    changed: z.boolean(),
    counts: changeCountsSchema,
    /** Of the state that it was made on; 0 where there was none. */
    stateSerial: z.int().nonnegative(),
    stateLineage: z.string(),
  }),
  "infrastructure.approve": strictObject({ approvals: z.int().nonnegative(), needed: z.int().nonnegative() }),
  "infrastructure.apply": strictObject({
    counts: changeCountsSchema,
    changed: z.boolean(),
    stateSerial: z.int().nonnegative(),
    outputs: outputsSchema,
  }),
  "infrastructure.validate": strictObject(evidenceCounts),
  "code.package": strictObject({ sha256: sha256HexSchema, sha256Base64: z.string(), bytes: z.int().positive() }),
  "code.upload": strictObject({ bucket: z.string(), key: z.string() }),
  "code.publish": strictObject({
    functionName: z.string(),
    alias: z.string(),
    version: z.string(),
    /** The version behind the alias before this release: where it is put back to. */
    previousVersion: z.string(),
    /** Whether the alias has to move. */
    changed: z.boolean(),
  }),
  "code.prove": strictObject({ version: z.string(), smoke: smokeResultSchema }),
  "traffic.shift": trafficSchema,
  "traffic.judge": strictObject({ verdict: verdictSchema, looks: z.int().nonnegative() }),
  "traffic.promote": trafficSchema,
  "traffic.return": trafficSchema,
  "traffic.verify": strictObject({
    /** `unknown`: nothing is bad, and something could not be seen. */
    verdict: z.enum(["pass", "fail", "unknown"]),
    functions: z.array(verifiedFunctionSchema),
    /** Through the gateway; absent where nobody knows where the API answers, or it could not be asked. */
    apiUrl: z.string().optional(),
    smoke: smokeResultSchema.optional(),
    /** What is bad, and what nobody knows, a sentence each. */
    bad: z.array(z.string()),
    unknown: z.array(z.string()),
  }),
  smoke: strictObject({ apiUrl: z.string(), smoke: smokeResultSchema }),
  checkpoint: strictObject({
    window: validationWindowSchema,
    verdict: z.enum(["pass", "fail", "unknown"]),
    /** Ids of the checks that decided. */
    decidedBy: z.array(z.string()),
  }),
  "data.export": strictObject({
    pieces: z
      .array(finishedExportSchema)
      .min(1)
      .describe("One after the other, they are the window; where AWS does not export as short a one, longer than it."),
    after: finishedExportSchema
      .optional()
      .describe("Begins where the window ends, where the piece is longer: says what items were like at that moment."),
  }),
  /** Counts of items, never their keys: those are in the export, to be selected again. */
  "data.select": strictObject({
    items: count.describe("How many items are selected."),
    made: count.describe("Those of them that were not there when the window began."),
    changed: count.describe("Those that were there when it began and when it ended, and differ."),
    deleted: count.describe("Those that were not there any more when it ended."),
    digest: sha256HexSchema.describe("SHA-256 of all their keys and images: the same in whatever order they come."),
  }),
  "data.write-back": strictObject({
    items: count.describe("How many items were looked at: all that are selected."),
    restored: count.describe("Those that have the wanted image now: written by this step, or found with it."),
    written: count.describe(
      "Those written in the run that came to the end; after one that was broken off, those before are among `restored` alone.",
    ),
    conflicts: count.describe("Those that somebody else has changed since, and that are left as they are."),
    unwritable: count.describe(
      "Those of more attributes than one condition can compare, and that are left as they are.",
    ),
    digests: strictObject({
      written: sha256HexSchema.describe("SHA-256 of keys and images of those that were written."),
      restored: sha256HexSchema.describe("SHA-256 of keys and images of those that have the wanted image."),
    })
      .optional()
      .describe("Which items those are; absent where an older Slipway wrote it."),
  }),
  "traffic.restore": trafficSchema,
  "infrastructure.settle": strictObject({
    /** Of the state as it was left; 0 where there is none. */
    stateSerial: z.int().nonnegative(),
    /** Id of the lock that a dead Terraform had left on it, and that was broken. */
    brokenLock: z.string().optional(),
  }),
} satisfies Record<StepKind, z.ZodType>;

export type StepResult<K extends StepKind> = z.output<(typeof stepResultSchemas)[K]>;
export type MovedAlias = z.output<typeof movedAliasSchema>;
