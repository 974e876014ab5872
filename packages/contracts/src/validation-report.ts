import * as z from "zod";
import { evidenceSchema } from "./evidence.ts";
import { strictObject } from "./strict-object.ts";
import { validationMeasurementsSchema, validationWindowSchema } from "./validation-measurements.ts";

/** What `slipway validate ENV --window WINDOW --output json` prints. */
export const validationReportSchema = strictObject({
  version: z.literal(1),
  environment: z.string(),
  /** `AWS`, `local AWS at http://127.0.0.1:4566`: what was rehearsed is never called AWS's. */
  target: z.string(),
  window: validationWindowSchema,
  /** `unknown`: nothing is known to be wrong, but not everything could be looked at. */
  verdict: z.enum(["pass", "fail", "unknown"]),
  /** In the guide's order, after the looks at what was deployed. */
  evidence: z.array(evidenceSchema),
  measurements: validationMeasurementsSchema,
});

export type ValidationReport = z.output<typeof validationReportSchema>;
