import * as z from "zod";
import { evidenceSchema } from "./evidence.ts";
import { releaseIdSchema, sha256HexSchema } from "./release/release-ids.ts";
import { sourceRevisionSchema } from "./release/source-revision.ts";
import { strictObject } from "./strict-object.ts";

/** The one JSON document of `slipway drill` with `--output json`. */
export const drillReportSchema = strictObject({
  version: z.literal(1).describe("Version of this document's schema."),
  label: z.literal("rehearsed on local AWS").describe("A result on local AWS is never called verified on AWS."),
  environment: z.string().describe("As in slipway.config.ts."),
  target: z.string().describe("Whose ledger has the proof: `AWS`, `local AWS at http://127.0.0.1:4566`."),
  earlier: strictObject({ release: releaseIdSchema, source: sourceRevisionSchema.describe("What it had released.") })
    .nullable()
    .describe("The release that was gone back to, by its id in that ledger; null where there is none."),
  current: sourceRevisionSchema.describe("What was gone back from: what was checked out."),
  inputs: sha256HexSchema.describe(
    "SHA-256 of both, and of the environment's configuration: while that is the same, the proof is of them.",
  ),
  verdict: z
    .enum(["pass", "fail", "unknown"])
    .describe(
      "The worst of the evidence. `unknown`: nothing failed, but not every path could be rehearsed to its end.",
    ),
  evidence: z.array(evidenceSchema).describe("One for each path that was rehearsed."),
  entry: z.int().positive().describe("The ledger's entry that has the evidence."),
  kept: z.string().optional().describe("Folder with all that the drill made; absent unless it was to be kept."),
  durationMs: z.number().nonnegative().describe("Wall-clock time of the command, in milliseconds."),
});

export type DrillReport = z.output<typeof drillReportSchema>;
