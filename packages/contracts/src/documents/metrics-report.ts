import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { documentPlace, isoTime } from "./document-parts.ts";

const point = strictObject({ at: isoTime.describe("beginning of the period"), value: z.number() });

/** What `slipway metrics ENV --output json` prints. A period without data is not there. */
export const metricsReportSchema = strictObject({
  ...documentPlace,
  from: isoTime,
  to: isoTime,
  now: isoTime.describe("the time on the target: a period that goes on beyond it is not over"),
  periodSeconds: z.number().positive(),
  signals: z.array(
    strictObject({
      resource: z.string().describe("what it is of, as people call it"),
      signal: z.string().describe("such as requests, 5xx or latency p99; unique for the resource"),
      metric: strictObject({
        namespace: z.string(),
        name: z.string(),
        dimensions: z.record(z.string(), z.string()),
      }),
      statistic: z.string(),
      unit: z.enum(["count", "ms", "s", "%"]),
      summary: strictObject({
        latest: point,
        min: point,
        max: point,
        total: z.number().nullable().describe("of what can be added up"),
        share: strictObject({ name: z.string(), total: z.number(), percent: z.number() })
          .nullable()
          .describe("what it is a part of, and how large a part"),
      })
        .nullable()
        .describe("null where there is no data"),
      points: z.array(point).describe("oldest first"),
    }),
  ),
});
