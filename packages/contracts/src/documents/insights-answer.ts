import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { documentPlace, isoTime } from "./document-parts.ts";

/** What a query of Logs Insights came to. */
export const insightsResultShape = {
  fields: z.array(z.string()).describe("names of the fields, in the order of the query's own columns"),
  rows: z
    .array(z.record(z.string(), z.string()))
    .describe("texts by field; a field that an event does not have is not there"),
  statistics: strictObject({
    recordsMatched: z.number().nonnegative().describe("log events that matched the query"),
    recordsScanned: z.number().nonnegative().describe("log events that were looked at"),
    bytesScanned: z.number().nonnegative().describe("bytes of log events that were looked at"),
  }).describe("how much was read, as CloudWatch counts it"),
};

/** What `slipway insights ENV QUERY --output json` prints. */
export const insightsAnswerSchema = strictObject({
  ...documentPlace,
  name: z.string().optional().describe("what the query is saved as; absent where it is not a saved one"),
  query: z.string().describe("in the language of Logs Insights"),
  groups: z.array(z.string()).describe("log groups that were asked"),
  from: isoTime.describe("when the time that was asked about begins"),
  to: isoTime.describe("when it ends"),
  ...insightsResultShape,
});
