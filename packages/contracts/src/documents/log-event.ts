import * as z from "zod";
import { jsonSchema } from "../json.ts";
import { strictObject } from "../strict-object.ts";
import { isoTime } from "./document-parts.ts";

/** A line that `slipway logs ENV --output json` prints. It has `fields` where the event is a JSON object, and `message` otherwise. */
export const logEventSchema = strictObject({
  time: isoTime,
  ingestionTime: isoTime,
  group: z.string(),
  stream: z.string(),
  id: z.string().describe("unique within its group"),
  version: z.string().optional().describe("of the function that wrote it: its number, or $LATEST"),
  message: z.string().optional(),
  fields: z.record(z.string(), jsonSchema).optional(),
}).refine(({ message, fields }) => (message === undefined) !== (fields === undefined), {
  error: "expected either message or fields",
});
