import * as z from "zod";
import { strictObject } from "../strict-object.ts";

/** Somebody's word that a check need not pass. */
export const waiverSchema = strictObject({
  check: z
    .string()
    .regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/, { error: "expected the id of a check" })
    .describe(
      "Id of the check: `checklist.LINE`, `validation.CHECK` with or without its window, `deployment.CHECK`, or `release.unproven-function`.",
    )
    .meta({ examples: ["validation.user-feedback"] }),
  subject: z
    .string()
    .min(1)
    .optional()
    .describe("For this subject of the check only.")
    .meta({ examples: ["api-handler"] }),
  by: z
    .string()
    .trim()
    .min(1, { error: "expected who answers for it" })
    .describe("Who answers for it: a name with an address, such as `Jane Doe <jane@example.com>`.")
    .meta({ examples: ["Jane Doe <jane@example.com>"] }),
  reason: z
    .string()
    .trim()
    .min(1, { error: "expected why it need not pass" })
    .describe("Why it need not pass.")
    .meta({ examples: ["no users before the launch"] }),
  expires: z.iso
    .date({ error: "expected a day such as 2027-01-31" })
    .describe("The last day on which it holds (UTC), at most a year ahead.")
    .meta({ examples: ["2027-01-31"] }),
});

export type Waiver = z.output<typeof waiverSchema>;
