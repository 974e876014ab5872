import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { documentVersion } from "./document-parts.ts";

/** What `slipway doctor --output json` prints. */
export const doctorReportSchema = strictObject({
  version: documentVersion,
  ok: z.boolean().describe("whether nothing is missing that npm start needs"),
  checks: z
    .array(
      strictObject({
        name: z.string().describe("what was looked at"),
        status: z
          .enum(["ok", "warn", "missing"])
          .describe("missing stops npm start; warn takes something away or is worth knowing"),
        found: z.string().describe("the version and path that were found, or what is wrong"),
        next: z.string().describe("what to type; empty where nothing is to be done"),
      }),
    )
    .describe("one for each thing that Slipway needs, or uses where it is there"),
});
