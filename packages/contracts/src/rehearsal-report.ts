import * as z from "zod";
import { evidenceSchema } from "./evidence.ts";
import { releaseIdSchema } from "./release/release-ids.ts";
import { sourceRevisionSchema } from "./release/source-revision.ts";
import { smokeResultSchema } from "./smoke-result.ts";
import { strictObject } from "./strict-object.ts";
import { validationWindowSchema } from "./validation-measurements.ts";

/** How many resources a Terraform plan adds, changes in place and destroys; a replacement counts as add and destroy. */
export const changeCountsSchema = strictObject({
  add: z.int().nonnegative(),
  change: z.int().nonnegative(),
  destroy: z.int().nonnegative(),
});

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, { error: "expected 64 lower-case hexadecimal digits" });

/** The one JSON document of `npm start -- --output json`. */
export const rehearsalReportSchema = strictObject({
  version: z.literal(1),
  /** A result on local AWS is never called verified on AWS. */
  label: z.literal("rehearsed on local AWS"),
  environment: z.string(),
  /** URL of local AWS. */
  endpoint: z.url(),
  /** URL of the API's stage, as the smoke test called it. */
  apiUrl: z.url(),
  /** Of the environment's first function; `functions` has them all. */
  functionVersion: z.string(),
  artifactSha256: sha256Hex,
  functions: z
    .array(
      strictObject({
        name: z.string(),
        functionName: z.string(),
        functionVersion: z.string(),
        previousVersion: z.string(),
        artifactSha256: sha256Hex,
        changed: z.boolean(),
      }),
    )
    .min(1),
  /** ARN of the role that each purpose was done under; none where the configuration names no roles. */
  roles: z.record(z.string(), z.string()),
  /** What was applied, by part: `bootstrap` and the environment's name. */
  terraform: z.record(z.string(), changeCountsSchema),
  /** Wall-clock time by phase, and `total`. */
  durationsMs: z.object({ total: z.number().nonnegative() }).catchall(z.number().nonnegative()),
  smoke: smokeResultSchema,
  /** Whether the run changed anything: infrastructure or code. */
  changed: z.boolean(),
  /** The release that runs now, and whether this run made it; as what follows, absent in reports of earlier versions. */
  release: strictObject({ id: releaseIdSchema, isNew: z.boolean(), source: sourceRevisionSchema }).optional(),
  /** The lines of its checklist that did not pass: unknown, or waived because it is a rehearsal. */
  checklist: z.array(evidenceSchema).optional(),
  /** What its first checkpoint said; absent where it was not judged yet. */
  checkpoint: strictObject({
    window: validationWindowSchema,
    verdict: z.enum(["pass", "fail", "unknown"]),
    at: z.iso.datetime(),
  }).optional(),
});

export type ChangeCounts = z.output<typeof changeCountsSchema>;
export type RehearsalReport = z.output<typeof rehearsalReportSchema>;
