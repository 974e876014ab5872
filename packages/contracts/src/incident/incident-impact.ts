import * as z from "zod";
import { strictObject } from "../strict-object.ts";

const amount = z.number().nonnegative();

/** Whom an incident has hit, counted from metrics. */
export const incidentImpactSchema = strictObject({
  /** ISO times; whole minutes, from which on and until before which it was counted. */
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
  /** How many callers were hit, told apart by what the access log has of them; null where nobody knows. */
  callers: z.int().nonnegative().nullable(),
  /** Minutes in which the share of failed or slow answers was above the limit. */
  badMinutes: z.int().nonnegative(),
});

export type IncidentImpact = z.output<typeof incidentImpactSchema>;
