import * as z from "zod";
import { strictObject } from "../strict-object.ts";

const amount = z.number().nonnegative();

/** Whom an incident has hit, counted from metrics. */
export const incidentImpactSchema = strictObject({
  from: z.iso
    .datetime()
    .describe("ISO time from which on it was counted: whole minutes, or the longer periods that are left of old ones."),
  to: z.iso.datetime().describe("ISO time before which it was counted."),
  requests: amount.describe("Requests at the API's stages."),
  failed: amount.describe("Of these answered with 5xx."),
  slow: amount.describe(
    "Of these slower than the limit (`validation.responseTime.limitMs`), and not failed as far as metrics can tell them apart.",
  ),
  refused: amount
    .nullable()
    .describe("Refused with 429 by a stage, where that is known from its access log; null where it is not."),
  callers: z
    .int()
    .nonnegative()
    .nullable()
    .describe(
      "How many callers had a request that was answered with 5xx or refused with 429, told apart by what the access log has of them, such as their addresses; null where nobody knows. Logs Insights estimates large numbers.",
    ),
  badMinutes: z
    .int()
    .nonnegative()
    .nullable()
    .describe(
      "Minutes in which the share of failed answers (`incidents.errorPercent.medium`) or of slow ones (`incidents.slowPercent.medium`) was not below its limit at a stage; null where CloudWatch has no minutes any more, after 15 days.",
    ),
});

export type IncidentImpact = z.output<typeof incidentImpactSchema>;
