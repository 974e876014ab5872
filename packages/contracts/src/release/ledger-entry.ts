import * as z from "zod";
import { evidenceSchema } from "../evidence.ts";
import { incidentBodies, incidentIdSchema } from "../incident/incident-entries.ts";
import { infrastructureFindingSchema } from "../infrastructure-findings.ts";
import { jsonSchema } from "../json.ts";
import { strictObject } from "../strict-object.ts";
import { signOffSchema, validationMeasurementsSchema, validationWindowSchema } from "../validation-measurements.ts";
import { verdictSchema } from "../verdict.ts";
import { glassEntrySchema } from "./break-glass.ts";
import { momentSchema } from "./notification-config.ts";
import { planSummarySchema } from "./plan-summary.ts";
import { releaseIdSchema, sha256HexSchema } from "./release-ids.ts";
import { releasePlanSchema, stepKindSchema } from "./release-plan.ts";
import { notableItems } from "./rollback-items.ts";
import { actorSchema } from "./source-revision.ts";
import { waiverSchema } from "./waiver.ts";

/** A process that may hold a lease, so that others can say who it is. */
export const holderSchema = strictObject({
  id: z.string().min(1).describe("Random, one for each process."),
  actor: actorSchema.describe("Who started it."),
  host: z.string().min(1).describe("Name of the machine that it runs on."),
  machine: z
    .string()
    .min(1)
    .optional()
    .describe(
      "What tells one boot of one machine, and one space of process ids on it, from all others; absent where nothing does.",
    ),
  pid: z.int().positive().describe("Id of the process on that machine."),
  processStart: z
    .string()
    .min(1)
    .optional()
    .describe("When the process was started, in the machine's own counting: a later process may get the same id."),
  command: z.string().min(1).describe("What it does: `slipway deploy prod`."),
});

/** What a release made of a function: `version` has its traffic while it is live, and `previousVersion` has it when it was put back. */
export const releasedFunctionSchema = strictObject({
  name: z.string().describe("In slipway.config.ts."),
  functionName: z.string().describe("As AWS calls it."),
  alias: z.string().describe("The alias that has its traffic."),
  version: z.string().describe("The version that the release made."),
  previousVersion: z
    .string()
    .describe("The version that had the traffic before, and has it when the release was put back."),
  artifactSha256: sha256HexSchema.describe("SHA-256 of the code of that version."),
});

/** What tells a Terraform state from all others: Terraform's own words, and the SHA-256 of its bytes. */
const stateVersion = {
  serial: z.int().nonnegative().describe("The state's serial."),
  lineage: z.string().describe("Its lineage, which tells it from all others."),
  sha256: sha256HexSchema.describe("SHA-256 of its bytes."),
};

const tableBackup = {
  arn: z.string().min(1).describe("The backup's ARN."),
  table: z.string().min(1).describe("The table, as AWS calls it."),
};

const step = { step: z.string().min(1), kind: stepKindSchema };

/** What is written down, by its type. */
export const ledgerBodySchema = z.discriminatedUnion("type", [
  strictObject({ type: z.literal("lease.taken"), holder: holderSchema, takenFrom: holderSchema.optional() }),
  strictObject({ type: z.literal("lease.released"), holder: holderSchema }),
  /** What people found out or did about a rollback: `slipway note`. */
  strictObject({
    type: z.literal("rollback.noted"),
    item: z.enum(notableItems).describe("Which line of the checklist it answers."),
    text: z.string().min(1).describe("Their words."),
  }),
  /** What was done to the traffic while the ledger could not be reached: `slipway ledger reconcile`. */
  strictObject({
    type: z.literal("break-glass.reconciled"),
    sha256: sha256HexSchema.describe("Of the journal's bytes."),
    signed: z.boolean().describe("Whether it carries a signature of who did it, at its end."),
    signature: strictObject({
      key: z.string().min(1).describe("Fingerprint of the key."),
      by: z
        .string()
        .nullable()
        .describe(
          "Whose it is by the file of allowed signers that is in force; null: it is none of theirs, or there is no such file.",
        ),
    })
      .optional()
      .describe(
        "What was found of that signature, which holds; absent where there is none, nobody could look, or an older Slipway brought it in.",
      ),
    journal: z.array(glassEntrySchema).min(1).describe("The journal, line by line."),
  }),
  /** Somebody took the lease away from its holder: `slipway unlock`. */
  strictObject({ type: z.literal("lease.broken"), holder: holderSchema, reason: z.string().min(1) }),
  strictObject({
    type: z.literal("release.started"),
    plan: releasePlanSchema,
    authors: z.array(z.string()),
    authorsUnknown: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Why there may be authors that are not named: then nobody's approval counts, because it could be one of theirs.",
      ),
    reason: z.string().min(1).optional().describe("Why somebody wanted it: of a rollback."),
  }),
  strictObject({ type: z.literal("release.resumed") }),
  strictObject({ type: z.literal("release.paused"), ...step, reason: z.string(), next: z.string() }),
  /** Somebody, or a checkpoint, has decided that it goes back: from here on it goes nowhere else. */
  strictObject({ type: z.literal("release.putting-back"), reason: z.string().min(1) }),
  strictObject({
    type: z.literal("release.ended"),
    outcome: z
      .enum(["live", "done", "failed", "put-back", "superseded"])
      .describe(
        "`live`: it has all of the traffic; its later checkpoints may still be due. `done`: it has moved no traffic and was not to, such as a rollback of data: what was live is live.",
      ),
    reason: z.string().min(1),
    functions: z.array(releasedFunctionSchema),
  }),
  strictObject({ type: z.literal("step.started"), ...step, attempt: z.int().positive() }),
  strictObject({
    type: z.literal("step.finished"),
    ...step,
    outcome: z.enum(["done", "nothing-to-do", "paused", "failed"]),
    summary: z.string(),
    durationMs: z.number().nonnegative(),
    result: jsonSchema.optional().describe("As `stepResultSchemas` says for its kind."),
  }),
  strictObject({ type: z.literal("evidence"), step: z.string(), evidence: z.array(evidenceSchema) }),
  strictObject({ type: z.literal("plan.made"), summary: planSummarySchema }),
  /** What a plan's changes came to that were known only after its apply. */
  strictObject({
    type: z.literal("plan.settled"),
    planDigest: sha256HexSchema.describe("SHA-256 of the plan's file."),
    findings: z.array(infrastructureFindingSchema).describe("Findings of which that was known only afterwards."),
  }),
  strictObject({
    type: z.literal("approval.given"),
    planDigest: sha256HexSchema.describe("SHA-256 of the file of the plan that it is for."),
    commit: z.string().nullable().describe("The commit that it is for; null outside of a git repository."),
    stateSerial: z.int().nonnegative().describe("Serial of the state that it is for."),
    accepts: z.array(z.string()).describe("Findings that stop the plan and are accepted, as `id address`."),
    comment: z.string().optional().describe("What the approver has said with it; absent where nothing."),
    signature: z.string().optional().describe("What `ssh-keygen -Y sign` made of the approval's text."),
  }),
  /** Somebody typed the names of what a rollback may destroy with the data in it: `--confirm NAME`. */
  strictObject({
    type: z.literal("loss.confirmed"),
    names: z.array(z.string().min(1)).min(1).describe("What may be destroyed, as AWS calls it."),
  }),
  strictObject({ type: z.literal("waiver.given"), waiver: waiverSchema.describe("What is answered for.") }),
  /** Who answers for what users say of a release, for its last checkpoint: given beforehand, or when it waits for it. */
  strictObject({ type: z.literal("sign-off.given"), signOff: signOffSchema.describe("Their word.") }),
  /** What Terraform reported while it applied, in order; long runs take several. */
  strictObject({ type: z.literal("terraform.events"), step: z.string(), events: z.array(jsonSchema) }),
  /** One look of a canary. */
  strictObject({ type: z.literal("verdict"), step: z.string(), look: z.int().positive(), verdict: verdictSchema }),
  strictObject({
    type: z.literal("checkpoint.judged"),
    window: validationWindowSchema.describe("Which checkpoint it is."),
    verdict: z.enum(["pass", "fail", "unknown"]).describe("How it came out."),
    evidence: z.array(evidenceSchema).describe("What each check saw."),
    measurements: validationMeasurementsSchema.optional(),
  }),
  strictObject({
    type: z.literal("notification.sent"),
    moment: momentSchema.describe("What people were told of."),
    incident: incidentIdSchema.optional().describe("The incident that it was about."),
    entry: z
      .int()
      .positive()
      .optional()
      .describe("Number of the entry that people were told of, where a moment can come twice in a short time."),
    channel: z.string().describe("How they were told."),
    outcome: z.enum(["sent", "failed"]).describe("Whether that reached the channel."),
    detail: z.string().optional().describe("Why not, or where to; absent where there is nothing to say."),
  }),
  /** A named copy of the Terraform state was made: `slipway state backup`. */
  strictObject({
    type: z.literal("state.backed-up"),
    name: z.string().min(1).describe("Name of the copy."),
    ...stateVersion,
  }),
  /** An older Terraform state is about to be put back, under a serial above all others: `slipway state restore`. */
  strictObject({
    type: z.literal("state.restoring"),
    from: z.string().min(1).describe("`version ID`, `backup NAME`."),
    ...stateVersion,
  }),
  /** It was put back: as this version of the state's object, where S3 said which. */
  strictObject({
    type: z.literal("state.restored"),
    from: z.string().min(1).describe("`version ID`, `backup NAME`."),
    versionId: z.string().optional().describe("The version of the object in S3; absent where S3 did not say."),
    ...stateVersion,
  }),
  /** An on-demand backup of a table was made. `items` is DynamoDB's own count, up to six hours old. */
  strictObject({
    type: z.literal("backup.created"),
    ...tableBackup,
    name: z.string().min(1).describe("Name of the backup."),
    items: z
      .int()
      .nonnegative()
      .nullable()
      .describe("DynamoDB's own count, up to six hours old; null where it gave none."),
    bytes: z.int().nonnegative().describe("Its size, in bytes."),
  }),
  /** A backup is about to be restored to a table of this name, which is deleted again. */
  strictObject({
    type: z.literal("backup.verifying"),
    ...tableBackup,
    temporaryTable: z.string().min(1).describe("The table that it is restored to, and that is deleted again."),
  }),
  strictObject({
    type: z.literal("backup.verified"),
    ...tableBackup,
    temporaryTable: z.string().min(1).describe("The table that it was restored to, and that was deleted again."),
    verdict: z.enum(["pass", "fail", "unknown"]).describe("Whether it can be relied on."),
    items: z
      .int()
      .nonnegative()
      .nullable()
      .describe("As they were counted in the restored table; null where it was not read to its end."),
    digest: sha256HexSchema.nullable().describe("Of all items of the restored table, in whatever order."),
    evidence: z.array(evidenceSchema).describe("What each check saw."),
  }),
  /** Backups are about to be deleted, and were. */
  strictObject({
    type: z.literal("backup.pruning"),
    arns: z.array(z.string().min(1)).describe("ARNs of the backups."),
  }),
  strictObject({ type: z.literal("backup.pruned"), arns: z.array(z.string().min(1)).describe("ARNs of the backups.") }),
  ...incidentBodies,
]);

/** What entries without a release are about all the same: a release that was, or is to come; and who had the lease for what. */
const OF_RELEASES =
  /^(lease|release|step|plan|approval|waiver|sign-off|terraform|checkpoint|notification)\.|^(evidence|verdict)$/;

/** Whether a kind of entry is about a release, or about who may change the environment; all others are work beside releases. */
export function isOfReleases(type: LedgerBody["type"]): boolean {
  return OF_RELEASES.test(type);
}

/** One line of the history of an environment. */
export const ledgerEntrySchema = strictObject({
  version: z.literal(1),
  environment: z.string().min(1),
  sequence: z.int().positive().describe("From 1, without a gap."),
  at: z.iso.datetime().describe("ISO time on the target's clock."),
  by: actorSchema,
  token: z
    .int()
    .positive()
    .nullable()
    .describe(
      "Fencing token of the lease that it was written under; null for what needs no lease, such as an approval.",
    ),
  release: releaseIdSchema.nullable().describe("The release that it belongs to."),
  body: ledgerBodySchema,
  previous: sha256HexSchema.describe("Hash of the entry before; 64 zeros for the first."),
  hash: sha256HexSchema.describe("SHA-256 of all of the above in canonical JSON."),
});

export type LedgerEntry = z.output<typeof ledgerEntrySchema>;
export type LedgerBody = z.output<typeof ledgerBodySchema>;
export type LedgerBodyOf<T extends LedgerBody["type"]> = Extract<LedgerBody, { type: T }>;
export type Holder = z.output<typeof holderSchema>;
export type ReleasedFunction = z.output<typeof releasedFunctionSchema>;
