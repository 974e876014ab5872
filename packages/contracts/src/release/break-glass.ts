import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { releaseIdSchema, sha256HexSchema } from "./release-ids.ts";
import { actorSchema } from "./source-revision.ts";

const moved = {
  functionName: z.string().min(1).describe("As AWS calls it."),
  alias: z.string().min(1).describe("The alias that has its traffic."),
  version: z.string().min(1).describe("The version that the traffic is for."),
};

/** Where traffic is sent without the ledger. */
export const glassTargetSchema = strictObject({
  function: z.string().min(1).describe("By its name in the configuration."),
  ...moved,
});

/** What is written down on this machine, while the ledger cannot be reached. */
export const glassBodySchema = z.discriminatedUnion("type", [
  strictObject({
    type: z.literal("glass.broken"),
    reason: z.string().min(1).describe("Why somebody wanted it."),
    why: z.string().min(1).describe("What kept it from the ledger."),
    copy: strictObject({
      sequence: z.int().positive().describe("Number of the entry."),
      hash: sha256HexSchema.describe("Its hash."),
      at: z.iso.datetime().describe("ISO time at which it was written."),
    })
      .nullable()
      .describe("The last entry of the copy that says where to go; null where versions were named."),
    to: releaseIdSchema
      .nullable()
      .describe("The release whose versions have the traffic then, as far as there is one."),
    targets: z.array(glassTargetSchema).min(1).describe("Where the traffic of each function is sent."),
  }),
  strictObject({ type: z.literal("alias.moved"), ...moved }),
  strictObject({ type: z.literal("alias.not-moved"), ...moved, why: z.string().min(1).describe("Why not.") }),
  strictObject({
    type: z.literal("verified"),
    verdict: z.enum(["pass", "fail", "unknown"]).describe("How what runs then is."),
    findings: z.array(z.string()).describe("What was found, each in a sentence."),
  }),
  /** What `ssh-keygen -Y sign` made of the hash of the line before. */
  strictObject({ type: z.literal("signed"), signature: z.string().min(1).describe("The signature, as text.") }),
]);

/** A line of that journal. */
export const glassEntrySchema = strictObject({
  version: z.literal(1).describe("Version of the line's schema."),
  environment: z.string().min(1).describe("As in slipway.config.ts."),
  sequence: z.int().positive().describe("From 1, without a gap."),
  at: z.iso.datetime().describe("ISO time on this machine's clock."),
  by: actorSchema.describe("Who did it."),
  body: glassBodySchema.describe("What was done."),
  previous: sha256HexSchema.describe("Hash of the line before; 64 zeros for the first."),
  hash: sha256HexSchema.describe("SHA-256 of all of the above in canonical JSON."),
});

/** The one JSON document of `slipway rollback --break-glass --output json`. */
export const glassReportSchema = strictObject({
  version: z.literal(1).describe("Version of this document's schema."),
  command: z.literal("rollback").describe("The command that was typed."),
  breakGlass: z.literal(true).describe("That it was done without the ledger."),
  environment: z.string().describe("As in slipway.config.ts."),
  target: z.string().describe("AWS, or local AWS at its address."),
  to: releaseIdSchema.nullable().describe("The release that was gone to; null where versions were named."),
  journal: z.string().describe("Path of the journal."),
  signed: z.boolean().describe("Whether somebody has signed the journal."),
  moved: z.array(glassTargetSchema).describe("Functions whose traffic was moved."),
  notMoved: z
    .array(
      strictObject({ functionName: z.string().describe("As AWS calls it."), why: z.string().describe("Why not.") }),
    )
    .describe("Those whose traffic was not."),
  verdict: z.enum(["pass", "fail", "unknown"]).describe("How what runs now is."),
  findings: z.array(z.string()).describe("What was found, each in a sentence."),
  next: z.string().describe("What to type then."),
});

export type GlassTarget = z.output<typeof glassTargetSchema>;
export type GlassBody = z.output<typeof glassBodySchema>;
export type GlassEntry = z.output<typeof glassEntrySchema>;
export type GlassReport = z.output<typeof glassReportSchema>;
