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
  /** Random, one for each process. */
  id: z.string().min(1),
  actor: actorSchema,
  host: z.string().min(1),
  /** What tells one boot of one machine, and one space of process ids on it, from all others; absent where nothing does. */
  machine: z.string().min(1).optional(),
  pid: z.int().positive(),
  /** When the process was started, in the machine's own counting: a later process may get the same id. */
  processStart: z.string().min(1).optional(),
  /** What it does: `slipway deploy prod`. */
  command: z.string().min(1),
});

/** What a release made of a function: `version` has its traffic while it is live, and `previousVersion` has it when it was put back. */
export const releasedFunctionSchema = strictObject({
  name: z.string(),
  functionName: z.string(),
  alias: z.string(),
  version: z.string(),
  previousVersion: z.string(),
  artifactSha256: sha256HexSchema,
});

/** What tells a Terraform state from all others: Terraform's own words, and the SHA-256 of its bytes. */
const stateVersion = { serial: z.int().nonnegative(), lineage: z.string(), sha256: sha256HexSchema };

const tableBackup = { arn: z.string().min(1), table: z.string().min(1) };

const step = { step: z.string().min(1), kind: stepKindSchema };

/** What is written down, by its type. */
export const ledgerBodySchema = z.discriminatedUnion("type", [
  strictObject({ type: z.literal("lease.taken"), holder: holderSchema, takenFrom: holderSchema.optional() }),
  strictObject({ type: z.literal("lease.released"), holder: holderSchema }),
  /** What people found out or did about a rollback: `slipway note`. */
  strictObject({ type: z.literal("rollback.noted"), item: z.enum(notableItems), text: z.string().min(1) }),
  /** What was done to the traffic while the ledger could not be reached: `slipway ledger reconcile`. */
  strictObject({
    type: z.literal("break-glass.reconciled"),
    /** Of the journal's bytes. */
    sha256: sha256HexSchema,
    /** Whether it carries a signature of who did it, at its end. */
    signed: z.boolean(),
    /** What was found of that signature, which holds; absent where there is none, nobody could look, or an older Slipway brought it in. */
    signature: strictObject({
      /** Fingerprint of the key. */
      key: z.string().min(1),
      /** Whose it is by the file of allowed signers that is in force; null: it is none of theirs, or there is no such file. */
      by: z.string().nullable(),
    }).optional(),
    journal: z.array(glassEntrySchema).min(1),
  }),
  /** Somebody took the lease away from its holder: `slipway unlock`. */
  strictObject({ type: z.literal("lease.broken"), holder: holderSchema, reason: z.string().min(1) }),
  strictObject({
    type: z.literal("release.started"),
    plan: releasePlanSchema,
    authors: z.array(z.string()),
    /** Why there may be authors that are not named: then nobody's approval counts, because it could be one of theirs. */
    authorsUnknown: z.string().min(1).optional(),
    /** Why somebody wanted it: of a rollback. */
    reason: z.string().min(1).optional(),
  }),
  strictObject({ type: z.literal("release.resumed") }),
  strictObject({ type: z.literal("release.paused"), ...step, reason: z.string(), next: z.string() }),
  /** Somebody, or a checkpoint, has decided that it goes back: from here on it goes nowhere else. */
  strictObject({ type: z.literal("release.putting-back"), reason: z.string().min(1) }),
  strictObject({
    type: z.literal("release.ended"),
    /**
     * `live`: it has all of the traffic; its later checkpoints may still be due. `done`: it has moved no traffic and was not to, such as a
     * rollback of data: what was live is live.
     */
    outcome: z.enum(["live", "done", "failed", "put-back", "superseded"]),
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
    /** As `stepResultSchemas` says for its kind. */
    result: jsonSchema.optional(),
  }),
  strictObject({ type: z.literal("evidence"), step: z.string(), evidence: z.array(evidenceSchema) }),
  strictObject({ type: z.literal("plan.made"), summary: planSummarySchema }),
  /** What a plan's changes came to that were known only after its apply. */
  strictObject({
    type: z.literal("plan.settled"),
    planDigest: sha256HexSchema,
    findings: z.array(infrastructureFindingSchema),
  }),
  strictObject({
    type: z.literal("approval.given"),
    planDigest: sha256HexSchema,
    commit: z.string().nullable(),
    stateSerial: z.int().nonnegative(),
    /** Findings that stop the plan and are accepted, as `id address`. */
    accepts: z.array(z.string()),
    comment: z.string().optional(),
    /** What `ssh-keygen -Y sign` made of the approval's text. */
    signature: z.string().optional(),
  }),
  /** Somebody typed the names of what a rollback may destroy with the data in it: `--confirm NAME`. */
  strictObject({ type: z.literal("loss.confirmed"), names: z.array(z.string().min(1)).min(1) }),
  strictObject({ type: z.literal("waiver.given"), waiver: waiverSchema }),
  /** Who answers for what users say of a release, for its last checkpoint: given beforehand, or when it waits for it. */
  strictObject({ type: z.literal("sign-off.given"), signOff: signOffSchema }),
  /** What Terraform reported while it applied, in order; long runs take several. */
  strictObject({ type: z.literal("terraform.events"), step: z.string(), events: z.array(jsonSchema) }),
  /** One look of a canary. */
  strictObject({ type: z.literal("verdict"), step: z.string(), look: z.int().positive(), verdict: verdictSchema }),
  strictObject({
    type: z.literal("checkpoint.judged"),
    window: validationWindowSchema,
    verdict: z.enum(["pass", "fail", "unknown"]),
    evidence: z.array(evidenceSchema),
    measurements: validationMeasurementsSchema.optional(),
  }),
  strictObject({
    type: z.literal("notification.sent"),
    moment: momentSchema,
    /** The incident that it was about. */
    incident: incidentIdSchema.optional(),
    /** Number of the entry that people were told of, where a moment can come twice in a short time. */
    entry: z.int().positive().optional(),
    channel: z.string(),
    outcome: z.enum(["sent", "failed"]),
    detail: z.string().optional(),
  }),
  /** A named copy of the Terraform state was made: `slipway state backup`. */
  strictObject({ type: z.literal("state.backed-up"), name: z.string().min(1), ...stateVersion }),
  /** An older Terraform state is about to be put back, under a serial above all others: `slipway state restore`. */
  strictObject({
    type: z.literal("state.restoring"),
    /** `version ID`, `backup NAME`. */
    from: z.string().min(1),
    ...stateVersion,
  }),
  /** It was put back: as this version of the state's object, where S3 said which. */
  strictObject({
    type: z.literal("state.restored"),
    from: z.string().min(1),
    versionId: z.string().optional(),
    ...stateVersion,
  }),
  /** An on-demand backup of a table was made. `items` is DynamoDB's own count, up to six hours old. */
  strictObject({
    type: z.literal("backup.created"),
    ...tableBackup,
    name: z.string().min(1),
    items: z.int().nonnegative().nullable(),
    bytes: z.int().nonnegative(),
  }),
  /** A backup is about to be restored to a table of this name, which is deleted again. */
  strictObject({ type: z.literal("backup.verifying"), ...tableBackup, temporaryTable: z.string().min(1) }),
  strictObject({
    type: z.literal("backup.verified"),
    ...tableBackup,
    temporaryTable: z.string().min(1),
    verdict: z.enum(["pass", "fail", "unknown"]),
    /** As they were counted in the restored table; null where it was not read to its end. */
    items: z.int().nonnegative().nullable(),
    /** Of all items of the restored table, in whatever order. */
    digest: sha256HexSchema.nullable(),
    evidence: z.array(evidenceSchema),
  }),
  /** Backups are about to be deleted, and were. */
  strictObject({ type: z.literal("backup.pruning"), arns: z.array(z.string().min(1)) }),
  strictObject({ type: z.literal("backup.pruned"), arns: z.array(z.string().min(1)) }),
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
  /** From 1, without a gap. */
  sequence: z.int().positive(),
  /** ISO time on the target's clock. */
  at: z.iso.datetime(),
  by: actorSchema,
  /** Fencing token of the lease that it was written under; null for what needs no lease, such as an approval. */
  token: z.int().positive().nullable(),
  /** The release that it belongs to. */
  release: releaseIdSchema.nullable(),
  body: ledgerBodySchema,
  /** Hash of the entry before; 64 zeros for the first. */
  previous: sha256HexSchema,
  /** SHA-256 of all of the above in canonical JSON. */
  hash: sha256HexSchema,
});

export type LedgerEntry = z.output<typeof ledgerEntrySchema>;
export type LedgerBody = z.output<typeof ledgerBodySchema>;
export type LedgerBodyOf<T extends LedgerBody["type"]> = Extract<LedgerBody, { type: T }>;
export type Holder = z.output<typeof holderSchema>;
export type ReleasedFunction = z.output<typeof releasedFunctionSchema>;
