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
    holder: holderSchema,
    token: z.int().positive(),
    takenAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  }).nullable(),
  /** What `slipway status` says of incidents without reading years; absent before the first. */
  incidents: strictObject({
    /** Those that are not over, with the number of the entry that opened each. */
    open: z.record(incidentIdSchema, z.int().positive()),
    /** The same of those that were opened last, open or not: they may come back. */
    recent: z.record(incidentIdSchema, z.int().positive()),
    /** The one that was opened last, as it is now. */
    last: strictObject({
      incident: incidentIdSchema,
      title: z.string(),
      severity: severitySchema,
      state: z.enum(["open", "resolved", "closed"]),
      openedAt: z.iso.datetime(),
      /** When it was resolved. */
      overAt: z.iso.datetime().optional(),
    }),
  }).optional(),
});

export type HeadIncidents = NonNullable<z.output<typeof ledgerHeadSchema>["incidents"]>;
