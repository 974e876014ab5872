import * as z from "zod";
import { evidenceSchema } from "../evidence.ts";
import { strictObject } from "../strict-object.ts";
import { documentPlace } from "./document-parts.ts";

/** What `slipway checklist ENV` and `slipway validate ENV` print with `--output json`, the latter without `--window`. */
export const checksReportSchema = strictObject({
  ...documentPlace,
  verdict: z
    .enum(["pass", "fail", "unknown"])
    .describe("unknown: nothing is known to be wrong, but not everything could be looked at"),
  evidence: z.array(evidenceSchema).describe("one for each check, or for each of its subjects"),
});
