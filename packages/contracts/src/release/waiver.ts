import * as z from "zod";
import { strictObject } from "../strict-object.ts";

/** Somebody's word that a check need not pass. */
export const waiverSchema = strictObject({
  /** Id of the check: `checklist.signed-commits`, `validation.user-feedback`. */
  check: z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/, { error: "expected the id of a check" }),
  /** For this subject of the check only. */
  subject: z.string().min(1).optional(),
  by: z.string().trim().min(1, { error: "expected who answers for it" }),
  reason: z.string().trim().min(1, { error: "expected why it need not pass" }),
  /** The last day on which it holds (UTC). */
  expires: z.iso.date({ error: "expected a day such as 2027-01-31" }),
});

export type Waiver = z.output<typeof waiverSchema>;
