import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { documentPlace, isoTime } from "./document-parts.ts";

const point = strictObject({
  at: isoTime.describe("beginning of the period"),
  value: z.number().describe("in the signal's unit"),
});

/** What `slipway metrics ENV --output json` prints. A period without data is not there. */
export const metricsReportSchema = strictObject({
  ...documentPlace,
  from: isoTime.describe("when the time that was read begins: the beginning of its first period"),
  to: isoTime.describe("when it ends: the end of its last period, or now"),
  now: isoTime.describe("the time on the target: a period that goes on beyond it is not over"),
  periodSeconds: z.number().positive().describe("length of a period, in seconds"),
  signals: z
    .array(
      strictObject({
        resource: z.string().describe("what it is of, as people call it"),
        signal: z.string().describe("such as requests, 5xx or latency p99; unique for the resource"),
        metric: strictObject({
          namespace: z.string().describe("its namespace: `AWS/Lambda`"),
          name: z.string().describe("its name: `Duration`"),
          dimensions: z.record(z.string(), z.string()).describe("values of its dimensions, by their names"),
        }).describe("CloudWatch's metric"),
        statistic: z.string().describe("what is made of its values in a period, as CloudWatch spells it: `Sum`, `p99`"),
        unit: z.enum(["count", "ms", "s", "%"]).describe("what its values are of"),
        summary: strictObject({
          latest: point.describe("the latest period that has data"),
          min: point.describe("the period with the lowest value"),
          max: point.describe("the period with the highest value"),
          total: z
            .number()
            .nullable()
            .describe("sum of all values; null for a statistic that cannot be added up, such as a percentile"),
          share: strictObject({
            name: z.string().describe("the signal of the same resource that it is a part of"),
            total: z.number().describe("the total of that one"),
            percent: z.number().describe("how large a part of it this one is, 0 to 100"),
          })
            .nullable()
            .describe(
              "what it is a part of, such as errors of calls; null where it is of nothing, or that has no data",
            ),
        })
          .nullable()
          .describe("what the values come to; null where there is no data"),
        points: z.array(point).describe("the values, oldest first; a period without data is not there"),
      }),
    )
    .describe(
      "those that were asked for, or all of the environment's; some are left out where they have no data, such as those of a version that nobody calls",
    ),
});
