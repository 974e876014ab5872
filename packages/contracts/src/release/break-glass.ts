import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { releaseIdSchema, sha256HexSchema } from "./release-ids.ts";
import { actorSchema } from "./source-revision.ts";

const moved = { functionName: z.string().min(1), alias: z.string().min(1), version: z.string().min(1) };

/** Where traffic is sent without the ledger. */
export const glassTargetSchema = strictObject({
  /** By its name in the configuration. */
  function: z.string().min(1),
  ...moved,
});

/** What is written down on this machine, while the ledger cannot be reached. */
export const glassBodySchema = z.discriminatedUnion("type", [
  strictObject({
    type: z.literal("glass.broken"),
    reason: z.string().min(1),
    /** What kept it from the ledger. */
    why: z.string().min(1),
    /** The last entry of the copy that says where to go; null where versions were named. */
    copy: strictObject({ sequence: z.int().positive(), hash: sha256HexSchema, at: z.iso.datetime() }).nullable(),
    /** The release whose versions have the traffic then, as far as there is one. */
    to: releaseIdSchema.nullable(),
    targets: z.array(glassTargetSchema).min(1),
  }),
  strictObject({ type: z.literal("alias.moved"), ...moved }),
  strictObject({ type: z.literal("alias.not-moved"), ...moved, why: z.string().min(1) }),
  strictObject({
    type: z.literal("verified"),
    verdict: z.enum(["pass", "fail", "unknown"]),
    findings: z.array(z.string()),
  }),
  /** What `ssh-keygen -Y sign` made of the hash of the line before. */
  strictObject({ type: z.literal("signed"), signature: z.string().min(1) }),
]);

/** A line of that journal. */
export const glassEntrySchema = strictObject({
  version: z.literal(1),
  environment: z.string().min(1),
  /** From 1, without a gap. */
  sequence: z.int().positive(),
  /** ISO time on this machine's clock. */
  at: z.iso.datetime(),
  by: actorSchema,
  body: glassBodySchema,
  /** Hash of the line before; 64 zeros for the first. */
  previous: sha256HexSchema,
  /** SHA-256 of all of the above in canonical JSON. */
  hash: sha256HexSchema,
});

/** The one JSON document of `slipway rollback --break-glass --output json`. */
export const glassReportSchema = strictObject({
  version: z.literal(1),
  command: z.literal("rollback"),
  breakGlass: z.literal(true),
  environment: z.string(),
  target: z.string(),
  to: releaseIdSchema.nullable(),
  /** Path of the journal. */
  journal: z.string(),
  signed: z.boolean(),
  moved: z.array(glassTargetSchema),
  notMoved: z.array(strictObject({ functionName: z.string(), why: z.string() })),
  verdict: z.enum(["pass", "fail", "unknown"]),
  findings: z.array(z.string()),
  next: z.string(),
});

export type GlassTarget = z.output<typeof glassTargetSchema>;
export type GlassBody = z.output<typeof glassBodySchema>;
export type GlassEntry = z.output<typeof glassEntrySchema>;
export type GlassReport = z.output<typeof glassReportSchema>;
