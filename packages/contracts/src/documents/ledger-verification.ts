import * as z from "zod";
import { sha256HexSchema } from "../release/release-ids.ts";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace } from "./document-parts.ts";

/** What `slipway ledger verify ENV --output json` prints. */
export const ledgerVerificationSchema = strictObject({
  ...documentPlace,
  table: z.string().describe("of the ledger, as AWS calls it"),
  whole: z.boolean().describe("whether the chain of hashes holds from the first entry to the head"),
  entries: count.optional().describe("where it is whole"),
  releases: count.optional().describe("where it is whole"),
  hash: sha256HexSchema
    .nullable()
    .optional()
    .describe("of the last entry, where it is whole; null where there is none"),
  brokenAt: count
    .optional()
    .describe("where it is broken: the first entry that is not what it should be, 0 for the head"),
  why: z.string().optional().describe("where it is broken: what is wrong with that entry"),
  next: z.string().optional().describe("where it is broken: what to do"),
});
