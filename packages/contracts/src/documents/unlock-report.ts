import * as z from "zod";
import { holderSchema } from "../release/ledger-entry.ts";
import { strictObject } from "../strict-object.ts";
import { documentPlace, isoTime } from "./document-parts.ts";

/** What `slipway unlock ENV --output json` prints. */
export const unlockReportSchema = strictObject({
  ...documentPlace,
  outcome: z
    .enum(["broken", "free", "refused", "interrupted"])
    .describe("broken: it was taken away; free: nobody holds it, or nobody any more; refused: who was asked said no"),
  holder: holderSchema.nullable().describe("who had it; null where nobody did"),
  takenAt: isoTime.nullable().describe("when it was taken; null where nobody had it"),
  expiresAt: isoTime.nullable().describe("until when it was good; null where nobody had it"),
});
