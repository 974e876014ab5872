import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { severitySchema } from "./severity.ts";

/** How long something took, over those incidents of which it is known; null where it is of none. */
const spreadSchema = strictObject({
  count: z.int().positive().describe("Of how many incidents it is known."),
  medianSeconds: z.number().nonnegative(),
  p90Seconds: z.number().nonnegative(),
}).nullable();

/** How long incidents took to be detected, and so on. */
export const incidentSpreadsSchema = strictObject({
  detect: spreadSchema.describe("From when it began to hurt until it was opened."),
  acknowledge: spreadSchema.describe("From when it was opened until somebody was at it."),
  mitigate: spreadSchema.describe("From when it began to hurt until the last thing was done that helped."),
  resolve: spreadSchema.describe("From when it began to hurt until the numbers were good again."),
});

/** How many incidents, and how long they took. */
const groupSchema = strictObject({
  incidents: z.int().nonnegative(),
  unresolved: z.int().nonnegative().describe("Neither resolved nor closed."),
  reopened: z.int().nonnegative().describe("How often one came back after it had been resolved."),
  openedByRule: z.int().nonnegative(),
  times: incidentSpreadsSchema,
});

/** What `slipway incident stats ENV --output json` says. */
export const incidentStatisticsSchema = strictObject({
  version: z.literal(1),
  environment: z.string(),
  from: z.iso
    .datetime()
    .describe(
      "ISO times: incidents that were opened in between. `from` is that of the ledger's first entry where nobody says since when.",
    ),
  to: z.iso.datetime(),
  per30Days: z
    .number()
    .nonnegative()
    .nullable()
    .describe("How many there would be in 30 days at this rate; null where less than a day is looked at."),
  all: groupSchema,
  bySeverity: z.array(groupSchema.extend({ severity: severitySchema })),
});

export type IncidentStatistics = z.output<typeof incidentStatisticsSchema>;
export type IncidentSpreads = z.output<typeof incidentSpreadsSchema>;
