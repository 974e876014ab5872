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
  alias: z.string().describe("the alias that has its traffic"),
  versions: z
    .array(
      strictObject({
        version: z.string().describe("number of the version"),
        percent: z.number().min(0).max(100).describe("its share of the traffic, 0 to 100"),
      }),
    )
    .describe("what the alias sends traffic to; the larger share first"),
  expected: z.string().optional().describe("the version that the ledger says it should be, where that is another one"),
});

/** What `slipway status ENV --output json` prints. Times are ISO times on the target. */
export const statusReportSchema = strictObject({
  ...documentPlace,
  now: isoTime.describe("the time on the target, which all other times are held against"),
  functions: z
    .union([z.array(functionSchema), unknownSchema])
    .describe("what Lambda has now; why that is not known, where it is not"),
  api: z
    .union([
      strictObject({
        url: z.url().describe("without a slash at the end; on local AWS, the address at which it answers there"),
      }),
      unknownSchema,
    ])
    .describe("where the API answers, by the outputs of the environment's Terraform state"),
  release: strictObject({
    release: releaseIdSchema,
    source: sourceRevisionSchema.describe("what was released"),
    since: isoTime.describe("since when its versions have the traffic"),
    by: z.string().describe("who released it"),
  })
    .nullable()
    .describe("the release whose versions have the traffic; null before the first"),
  health: z
    .union([
      strictObject({
        counts: strictObject({
          OK: count.describe("in order"),
          ALARM: count.describe("gone off"),
          INSUFFICIENT_DATA: count.describe("without data"),
        }).describe("how many alarms are in each state"),
        alarming: z
          .array(
            strictObject({
              name: z.string().describe("the alarm's name"),
              since: isoTime.describe("since when it is in ALARM"),
            }),
          )
          .describe("alarms that have gone off"),
        missing: z.array(z.string()).describe("alarms that the Terraform state has and CloudWatch has not"),
      }),
      unknownSchema,
    ])
    .describe("how its alarms are; why that is not known, where it is not"),
  checkpoints: z
    .array(
      strictObject({
        window: validationWindowSchema.describe("which of them: the first 5 minutes, the first hour, the first day"),
        state: z
          .enum(["pass", "fail", "unknown", "due", "overdue", "to-come"])
          .describe("`due`: it can be judged; `overdue`: for more than a quarter of an hour; `to-come`: not yet"),
        at: isoTime.describe("when it was judged, or can be"),
      }),
    )
    .describe("those of the release that runs, in their order"),
  lease: ledgerHeadSchema.shape.lease
    .unwrap()
    .extend({
      state: z
        .enum(["held", "over"])
        .describe("`over`: its time is up or its process is gone, and the next command takes it"),
    })
    .nullable()
    .describe("who may change the environment now"),
  unfinished: strictObject({
    release: releaseIdSchema.describe("its id in the ledger"),
    source: sourceRevisionSchema.describe("what is being released"),
    state: releaseStateSchema.describe("how far it is"),
    since: isoTime.describe("when it was begun"),
    at: z.string().nullable().describe("the step that it is at, in words"),
    reason: z.string().nullable().describe("why it stands still; null where it does not"),
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
