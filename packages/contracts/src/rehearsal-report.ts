import * as z from "zod";
import { evidenceSchema } from "./evidence.ts";
import { releaseIdSchema } from "./release/release-ids.ts";
import { sourceRevisionSchema } from "./release/source-revision.ts";
import { smokeResultSchema } from "./smoke-result.ts";
import { strictObject } from "./strict-object.ts";
import { validationWindowSchema } from "./validation-measurements.ts";

/** How many resources a Terraform plan adds, changes in place and destroys; a replacement counts as add and destroy. */
export const changeCountsSchema = strictObject({
  add: z.int().nonnegative().describe("How many are made."),
  change: z.int().nonnegative().describe("How many are changed in place."),
  destroy: z.int().nonnegative().describe("How many are destroyed."),
});

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, { error: "expected 64 lower-case hexadecimal digits" });

/** The one JSON document of `npm start -- --output json`. */
export const rehearsalReportSchema = strictObject({
  version: z.literal(1),
  label: z.literal("rehearsed on local AWS").describe("A result on local AWS is never called verified on AWS."),
  environment: z.string(),
  endpoint: z.url().describe("URL of local AWS."),
  apiUrl: z.url().describe("URL of the API's stage, as the smoke test called it."),
  functionVersion: z.string().describe("Of the environment's first function; `functions` has them all."),
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
  roles: z
    .record(z.string(), z.string())
    .describe("ARN of the role that each purpose was done under; none where the configuration names no roles."),
  terraform: z
    .record(z.string(), changeCountsSchema)
    .describe("What was applied, by part: `bootstrap` and the environment's name."),
  durationsMs: z
    .object({ total: z.number().nonnegative() })
    .catchall(z.number().nonnegative())
    .describe("Wall-clock time by phase, and `total`."),
  smoke: smokeResultSchema,
  changed: z.boolean().describe("Whether the run changed anything: infrastructure or code."),
  release: strictObject({ id: releaseIdSchema, isNew: z.boolean(), source: sourceRevisionSchema })
    .optional()
    .describe(
      "The release that runs now, and whether this run made it; as what follows, absent in reports of earlier versions.",
    ),
  checklist: z
    .array(evidenceSchema)
    .optional()
    .describe("The lines of its checklist that did not pass: unknown, or waived because it is a rehearsal."),
  checkpoint: strictObject({
    window: validationWindowSchema,
    verdict: z.enum(["pass", "fail", "unknown"]),
    at: z.iso.datetime(),
  })
    .optional()
    .describe("What its first checkpoint said; absent where it was not judged yet."),
});

export type ChangeCounts = z.output<typeof changeCountsSchema>;
export type RehearsalReport = z.output<typeof rehearsalReportSchema>;
