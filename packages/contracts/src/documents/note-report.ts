import * as z from "zod";
import { releaseIdSchema } from "../release/release-ids.ts";
import { notableItems } from "../release/rollback-items.ts";
import { strictObject } from "../strict-object.ts";
import { documentPlace } from "./document-parts.ts";

/** What `slipway note ENV LINE TEXT --output json` prints: what was written down. */
export const noteReportSchema = strictObject({
  ...documentPlace,
  release: releaseIdSchema.describe("the rollback that it is about"),
  item: z.enum(notableItems).describe("the line of the checklist"),
  text: z.string().describe("what was written down"),
  by: z.string().describe("who has written it"),
  next: z.string().describe("what to type to see all of it"),
});
