import * as z from "zod";
import { strictObject } from "../strict-object.ts";

const amount = z.number().nonnegative();

/** What an incident has used of what may fail: `incidents.objective`. */
export const errorBudgetSchema = strictObject({
  availabilityPercent: z.number().min(50).lt(100),
  days: z.int().positive(),
  /** ISO times: the objective's days up to the end of the incident. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Requests at the stages in these days, and those of them that were answered with 5xx; the incident's are among them. */
  requests: amount,
  failed: amount,
  /** How many of these requests may fail. */
  allowed: amount,
  /** Shares of what may fail, in percent, above 100 where more has failed: of the incident, and of all of these days. */
  incidentPercent: amount,
  usedPercent: amount,
});

export type ErrorBudget = z.output<typeof errorBudgetSchema>;
