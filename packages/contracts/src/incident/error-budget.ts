import * as z from "zod";
import { strictObject } from "../strict-object.ts";

const amount = z.number().nonnegative();

/** What an incident has used of what may fail: `incidents.objective`. */
export const errorBudgetSchema = strictObject({
  availabilityPercent: z
    .number()
    .min(50)
    .lt(100)
    .describe("The objective: the share of requests that must not fail, in percent."),
  days: z.int().positive().describe("The days that it is for."),
  from: z.iso.datetime().describe("ISO time: the objective's days before the end of the incident."),
  to: z.iso.datetime().describe("ISO time: the end of the incident."),
  requests: amount.describe("Requests at the stages in these days, the incident's among them."),
  failed: amount.describe("Of these answered with 5xx."),
  allowed: amount.describe("How many of these requests may fail."),
  incidentPercent: amount.describe("What the incident has used of that, in percent; above 100 where more has failed."),
  usedPercent: amount.describe("The same of all of these days."),
});

export type ErrorBudget = z.output<typeof errorBudgetSchema>;
