import * as z from "zod";
import { evidenceSchema } from "./evidence.ts";
import { strictObject } from "./strict-object.ts";
import { validationMeasurementsSchema, validationWindowSchema } from "./validation-measurements.ts";

/** What `slipway validate ENV --window WINDOW --output json` prints. */
export const validationReportSchema = strictObject({
  version: z.literal(1).describe("Version of this document's schema."),
  environment: z.string().describe("As in slipway.config.ts."),
  target: z.string().describe("`AWS`, `local AWS at http://127.0.0.1:4566`: what was rehearsed is never called AWS's."),
  window: validationWindowSchema.describe("Which window it is: the first 5 minutes, the first hour, the first day."),
  verdict: z
    .enum(["pass", "fail", "unknown"])
    .describe("`unknown`: nothing is known to be wrong, but not everything could be looked at."),
  evidence: z.array(evidenceSchema).describe("In the guide's order, after the looks at what was deployed."),
  measurements: validationMeasurementsSchema.describe(
    "All that was looked at: judged again, it gives the same evidence.",
  ),
});

export type ValidationReport = z.output<typeof validationReportSchema>;
