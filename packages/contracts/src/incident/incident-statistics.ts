import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { severitySchema } from "./severity.ts";

/** How long something took, over those incidents of which it is known; null where it is of none. */
const spreadSchema = strictObject({
  /** Of how many incidents it is known. */
  count: z.int().positive(),
  medianSeconds: z.number().nonnegative(),
  p90Seconds: z.number().nonnegative(),
}).nullable();

/** How long incidents took to be detected, and so on. */
export const incidentSpreadsSchema = strictObject({
  /** From when it began to hurt until it was opened. */
  detect: spreadSchema,
  /** From when it was opened until somebody was at it. */
  acknowledge: spreadSchema,
  /** From when it began to hurt until the last thing was done that helped. */
  mitigate: spreadSchema,
  /** From when it began to hurt until the numbers were good again. */
  resolve: spreadSchema,
});

/** How many incidents, and how long they took. */
const groupSchema = strictObject({
  incidents: z.int().nonnegative(),
  /** Neither resolved nor closed. */
  unresolved: z.int().nonnegative(),
  /** How often one came back after it had been resolved. */
  reopened: z.int().nonnegative(),
  openedByRule: z.int().nonnegative(),
  times: incidentSpreadsSchema,
});

/** What `slipway incident stats ENV --output json` says. */
export const incidentStatisticsSchema = strictObject({
  version: z.literal(1),
  environment: z.string(),
  /** ISO times: incidents that were opened in between. `from` is that of the ledger's first entry where nobody says since when. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** How many there would be in 30 days at this rate; null where less than a day is looked at. */
  per30Days: z.number().nonnegative().nullable(),
  all: groupSchema,
  bySeverity: z.array(groupSchema.extend({ severity: severitySchema })),
});

export type IncidentStatistics = z.output<typeof incidentStatisticsSchema>;
export type IncidentSpreads = z.output<typeof incidentSpreadsSchema>;
