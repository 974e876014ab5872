import * as z from "zod";
import { strictObject } from "../strict-object.ts";

const amount = z.number().nonnegative();

/** Whom an incident has hit, counted from metrics. */
export const incidentImpactSchema = strictObject({
  /** ISO times from which on and until before which it was counted: whole minutes, or the longer periods that are left of old ones. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Requests at the API's stages. */
  requests: amount,
  /** Of these answered with 5xx. */
  failed: amount,
  /** Of these slower than the limit (`validation.responseTime.limitMs`), and not failed as far as metrics can tell them apart. */
  slow: amount,
  /** Refused with 429 by a stage, where that is known from its access log; null where it is not. */
  refused: amount.nullable(),
  /**
   * How many callers had a request that was answered with 5xx or refused with 429, told apart by what the access log has of them, such as
   * their addresses; null where nobody knows. Logs Insights estimates large numbers.
   */
  callers: z.int().nonnegative().nullable(),
  /**
   * Minutes in which the share of failed answers (`incidents.errorPercent.medium`) or of slow ones (`incidents.slowPercent.medium`) was not
   * below its limit at a stage; null where CloudWatch has no minutes any more, after 15 days.
   */
  badMinutes: z.int().nonnegative().nullable(),
});

export type IncidentImpact = z.output<typeof incidentImpactSchema>;
