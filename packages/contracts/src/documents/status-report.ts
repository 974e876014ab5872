import * as z from "zod";
import { incidentSummarySchema } from "../incident/incident-report.ts";
import { ledgerHeadSchema } from "../release/ledger-head.ts";
import { releaseIdSchema } from "../release/release-ids.ts";
import { sourceRevisionSchema } from "../release/source-revision.ts";
import { strictObject } from "../strict-object.ts";
import { validationWindowSchema } from "../validation-measurements.ts";
import { count, documentPlace, isoTime } from "./document-parts.ts";
import { releaseStateSchema } from "./release-history.ts";

const unknownSchema = strictObject({ unknown: z.string().describe("why it could not be looked at") });

const functionSchema = strictObject({
  name: z.string().describe("in slipway.config.ts"),
  functionName: z.string().describe("as AWS calls it"),
  alias: z.string(),
  versions: z
    .array(strictObject({ version: z.string(), percent: z.number().min(0).max(100) }))
    .describe("what the alias sends traffic to; the larger share first"),
  expected: z.string().optional().describe("the version that the ledger says it should be, where that is another one"),
});

/** What `slipway status ENV --output json` prints. Times are ISO times on the target. */
export const statusReportSchema = strictObject({
  ...documentPlace,
  now: isoTime,
  functions: z.union([z.array(functionSchema), unknownSchema]),
  api: z
    .union([
      strictObject({
        url: z.url().describe("without a slash at the end; on local AWS, the address at which it answers there"),
      }),
      unknownSchema,
    ])
    .describe("where the API answers, by the outputs of the environment's Terraform state"),
  release: strictObject({ release: releaseIdSchema, source: sourceRevisionSchema, since: isoTime, by: z.string() })
    .nullable()
    .describe("the release whose versions have the traffic; null before the first"),
  health: z.union([
    strictObject({
      counts: strictObject({ OK: count, ALARM: count, INSUFFICIENT_DATA: count }),
      alarming: z.array(strictObject({ name: z.string(), since: isoTime })),
      missing: z.array(z.string()).describe("alarms that the Terraform state has and CloudWatch has not"),
    }),
    unknownSchema,
  ]),
  checkpoints: z.array(
    strictObject({
      window: validationWindowSchema,
      state: z.enum(["pass", "fail", "unknown", "due", "overdue", "to-come"]),
      at: isoTime.describe("when it was judged, or can be"),
    }),
  ),
  lease: ledgerHeadSchema.shape.lease
    .unwrap()
    .extend({ state: z.enum(["held", "over"]) })
    .nullable()
    .describe("who may change the environment now"),
  unfinished: strictObject({
    release: releaseIdSchema,
    source: sourceRevisionSchema,
    state: releaseStateSchema,
    since: isoTime,
    at: z.string().nullable().describe("the step that it is at, in words"),
    reason: z.string().nullable(),
    next: z.string().describe("what to type"),
  })
    .nullable()
    .describe("the release that has to be gone on with, or put back"),
  openIncidents: z.array(incidentSummarySchema).describe("those that are not over, oldest first"),
  lastIncident: ledgerHeadSchema.shape.incidents
    .unwrap()
    .shape.last.nullable()
    .describe("the one that was opened last, over or not"),
});
