import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { severitySchema } from "./severity.ts";

/** How long something took, over those incidents of which it is known; null where it is of none. */
const spreadSchema = strictObject({
  count: z.int().positive().describe("Of how many incidents it is known."),
  medianSeconds: z.number().nonnegative().describe("The median, in seconds."),
  p90Seconds: z.number().nonnegative().describe("The 90th percentile by the nearest rank, in seconds."),
}).nullable();

/** How long incidents took to be detected, and so on. */
export const incidentSpreadsSchema = strictObject({
  detect: spreadSchema.describe("From when it began to hurt until it was opened; null where it is known of none."),
  acknowledge: spreadSchema.describe("From when it was opened until somebody was at it; null likewise."),
  mitigate: spreadSchema.describe(
    "From when it began to hurt until the last thing was done that helped; null likewise.",
  ),
  resolve: spreadSchema.describe("From when it began to hurt until the numbers were good again; null likewise."),
});

/** How many incidents, and how long they took. */
const groupSchema = strictObject({
  incidents: z.int().nonnegative().describe("How many there are."),
  unresolved: z.int().nonnegative().describe("Neither resolved nor closed."),
  reopened: z.int().nonnegative().describe("How often one came back after it had been resolved."),
  openedByRule: z.int().nonnegative().describe("How many were opened by a rule, and not by a person."),
  times: incidentSpreadsSchema.describe("How long they took."),
});

/** What `slipway incident stats ENV --output json` says. */
export const incidentStatisticsSchema = strictObject({
  version: z.literal(1).describe("Version of this document's schema."),
  environment: z.string().describe("As in slipway.config.ts."),
  from: z.iso
    .datetime()
    .describe(
      "ISO time: incidents are counted that were opened from then on. That of the ledger's first entry where nobody says since when.",
    ),
  to: z.iso.datetime().describe("ISO time on the target at which they were counted."),
  per30Days: z
    .number()
    .nonnegative()
    .nullable()
    .describe("How many there would be in 30 days at this rate; null where less than a day is looked at."),
  all: groupSchema.describe("All of them."),
  bySeverity: z
    .array(groupSchema.extend({ severity: severitySchema.describe("1 (critical) to 4 (low).") }))
    .describe("Those of each severity, by what each incident has now: four groups, the worst first."),
});

export type IncidentStatistics = z.output<typeof incidentStatisticsSchema>;
export type IncidentSpreads = z.output<typeof incidentSpreadsSchema>;
