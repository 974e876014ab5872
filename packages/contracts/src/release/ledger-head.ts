import * as z from "zod";
import { incidentIdSchema } from "../incident/incident-entries.ts";
import { severitySchema } from "../incident/severity.ts";
import { strictObject } from "../strict-object.ts";
import { holderSchema } from "./ledger-entry.ts";
import { sha256HexSchema } from "./release-ids.ts";

/** What is newest in an environment's ledger, as it is stored. */
export const ledgerHeadSchema = strictObject({
  version: z.literal(1),
  sequence: z.int().nonnegative(),
  hash: sha256HexSchema,
  revision: z.int().positive(),
  writeId: z.string().min(1),
  lastToken: z.int().nonnegative(),
  lease: strictObject({
    holder: holderSchema.describe("Who has it."),
    token: z.int().positive().describe("Fencing token: greater than that of every holder before."),
    takenAt: z.iso.datetime().describe("ISO time on the clock of the machine that took it."),
    expiresAt: z.iso.datetime().describe("ISO time until which it is good, unless it is renewed."),
  }).nullable(),
  incidents: strictObject({
    /** Those that are not over, with the number of the entry that opened each. */
    open: z.record(incidentIdSchema, z.int().positive()),
    /** The same of those that were opened last, open or not: they may come back. */
    recent: z.record(incidentIdSchema, z.int().positive()),
    /** The one that was opened last, as it is now. */
    last: strictObject({
      incident: incidentIdSchema.describe("Its id: `i1`."),
      title: z.string().describe("What it is, in a line."),
      severity: severitySchema.describe("1 (critical) to 4 (low)."),
      state: z.enum(["open", "resolved", "closed"]).describe("How far it is."),
      openedAt: z.iso.datetime().describe("ISO time at which it was opened."),
      overAt: z.iso.datetime().optional().describe("ISO time at which it was resolved; absent while it is open."),
    }),
  })
    .optional()
    .describe("What `slipway status` says of incidents without reading years; absent before the first."),
});

export type HeadIncidents = NonNullable<z.output<typeof ledgerHeadSchema>["incidents"]>;
