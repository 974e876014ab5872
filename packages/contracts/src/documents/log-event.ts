import * as z from "zod";
import { jsonSchema } from "../json.ts";
import { strictObject } from "../strict-object.ts";
import { isoTime } from "./document-parts.ts";

/** A line that `slipway logs ENV --output json` prints. It has `fields` where the event is a JSON object, and `message` otherwise. */
export const logEventSchema = strictObject({
  time: isoTime.describe("when it happened"),
  ingestionTime: isoTime.describe("when CloudWatch Logs took it in"),
  group: z.string().describe("name of its log group"),
  stream: z.string().describe("name of its log stream"),
  id: z.string().describe("unique within its group"),
  version: z
    .string()
    .optional()
    .describe(
      "version of the function that wrote it: its number, or $LATEST; absent where neither stream nor event says it",
    ),
  message: z.string().optional().describe("its text, without blanks at its end; absent where it is a JSON object"),
  fields: z.record(z.string(), jsonSchema).optional().describe("its JSON object; absent where it is any other text"),
}).refine(({ message, fields }) => (message === undefined) !== (fields === undefined), {
  error: "expected either message or fields",
});
