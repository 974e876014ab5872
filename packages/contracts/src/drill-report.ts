import * as z from "zod";
import { evidenceSchema } from "./evidence.ts";
import { releaseIdSchema, sha256HexSchema } from "./release/release-ids.ts";
import { sourceRevisionSchema } from "./release/source-revision.ts";
import { strictObject } from "./strict-object.ts";

/** The one JSON document of `slipway drill` with `--output json`. */
export const drillReportSchema = strictObject({
  version: z.literal(1),
  /** A result on local AWS is never called verified on AWS. */
  label: z.literal("rehearsed on local AWS"),
  environment: z.string(),
  /** Whose ledger has the proof: `AWS`, `local AWS at http://127.0.0.1:4566`. */
  target: z.string(),
  /** The release that was gone back to, by its id in that ledger; null where there is none. */
  earlier: strictObject({ release: releaseIdSchema, source: sourceRevisionSchema }).nullable(),
  /** What was gone back from: what was checked out. */
  current: sourceRevisionSchema,
  /** SHA-256 of both, and of the environment's configuration: while that is the same, the proof is of them. */
  inputs: sha256HexSchema,
  verdict: z.enum(["pass", "fail", "unknown"]),
  /** One for each path that was rehearsed. */
  evidence: z.array(evidenceSchema),
  /** The ledger's entry that has the evidence. */
  entry: z.int().positive(),
  /** Folder with all that the drill made, where it was to be kept. */
  kept: z.string().optional(),
  /** Wall-clock time of the command. */
  durationMs: z.number().nonnegative(),
});

export type DrillReport = z.output<typeof drillReportSchema>;
