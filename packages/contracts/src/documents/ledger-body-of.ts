import type * as z from "zod";
import { type LedgerBody, ledgerBodySchema } from "../release/ledger-entry.ts";

/** The ledger's own schema of a kind of entry, without what says which kind. */
export function ledgerBodyOf(type: LedgerBody["type"]): z.ZodObject {
  const found: z.ZodObject | undefined = ledgerBodySchema.options.find(({ shape }) => shape.type.value === type);
  if (found === undefined) {
    throw new Error(`the ledger has no entries ${type}`);
  }
  return found;
}
