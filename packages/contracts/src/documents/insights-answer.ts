import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { documentPlace, isoTime } from "./document-parts.ts";

/** What a query of Logs Insights came to. */
export const insightsResultShape = {
  fields: z.array(z.string()).describe("in the order of the query's own columns"),
  rows: z
    .array(z.record(z.string(), z.string()))
    .describe("texts by field; a field that an event does not have is not there"),
  statistics: strictObject({
    recordsMatched: z.number().nonnegative(),
    recordsScanned: z.number().nonnegative(),
    bytesScanned: z.number().nonnegative(),
  }),
};

/** What `slipway insights ENV QUERY --output json` prints. */
export const insightsAnswerSchema = strictObject({
  ...documentPlace,
  name: z.string().optional().describe("of the saved query, where it was one"),
  query: z.string(),
  groups: z.array(z.string()).describe("log groups that were asked"),
  from: isoTime,
  to: isoTime,
  ...insightsResultShape,
});
