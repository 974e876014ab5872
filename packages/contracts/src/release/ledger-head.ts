import * as z from "zod";
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
});
