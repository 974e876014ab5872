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
  version: z.literal(1).describe("Version of this document's schema."),
  label: z.literal("rehearsed on local AWS").describe("A result on local AWS is never called verified on AWS."),
  environment: z.string().describe("As in slipway.config.ts."),
  endpoint: z.url().describe("URL of local AWS."),
  apiUrl: z.url().describe("URL of the API's stage, as the smoke test called it."),
  functionVersion: z.string().describe("Of the environment's first function; `functions` has them all."),
  artifactSha256: sha256Hex.describe("SHA-256 of that function's code, in hexadecimal."),
  functions: z
    .array(
      strictObject({
        name: z.string().describe("In slipway.config.ts."),
        functionName: z.string().describe("As AWS calls it."),
        functionVersion: z.string().describe("The version that the release is of."),
        previousVersion: z
          .string()
          .describe("The version that had the traffic before; the same where this run changed nothing of it."),
        artifactSha256: sha256Hex.describe("SHA-256 of the code of its version, in hexadecimal."),
        changed: z.boolean().describe("Whether this run gave its traffic to another version."),
      }),
    )
    .min(1)
    .describe("What each function of the environment runs now."),
  roles: z
    .record(z.string(), z.string())
    .describe("ARN of the role that each purpose was done under; none where the configuration names no roles."),
  terraform: z
    .record(z.string(), changeCountsSchema)
    .describe("What was applied, by part: `bootstrap` and the environment's name."),
  durationsMs: z
    .object({ total: z.number().nonnegative().describe("Of the whole command.") })
    .catchall(z.number().nonnegative())
    .describe("Wall-clock time by phase, and `total`, in milliseconds; 0 for what was not done."),
  smoke: smokeResultSchema.describe(
    "What the smoke test saw: that of the release, or one more where there was nothing to release.",
  ),
  changed: z.boolean().describe("Whether the run changed anything: infrastructure or code."),
  release: strictObject({
    id: releaseIdSchema,
    isNew: z.boolean().describe("Whether this run made it."),
    source: sourceRevisionSchema.describe("What was released."),
  })
    .optional()
    .describe(
      "The release that runs now, and whether this run made it; as what follows, absent in reports of earlier versions.",
    ),
  checklist: z
    .array(evidenceSchema)
    .optional()
    .describe("The lines of its checklist that did not pass: unknown, or waived because it is a rehearsal."),
  checkpoint: strictObject({
    window: validationWindowSchema.describe("Which checkpoint it is: the first 5 minutes."),
    verdict: z
      .enum(["pass", "fail", "unknown"])
      .describe("How it came out; `unknown`: not everything could be looked at."),
    at: z.iso.datetime().describe("ISO time on local AWS at which it was judged."),
  })
    .optional()
    .describe("What its first checkpoint said; absent where it was not judged yet."),
});

export type ChangeCounts = z.output<typeof changeCountsSchema>;
export type RehearsalReport = z.output<typeof rehearsalReportSchema>;
