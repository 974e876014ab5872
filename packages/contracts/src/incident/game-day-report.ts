import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { severitySchema } from "./severity.ts";

const seconds = z.number().nonnegative().nullable();
const count = z.int().nonnegative();

/** One line of a score. */
export const gradeSchema = strictObject({
  name: z
    .string()
    .min(1)
    .describe(
      "What was demanded: `quiet-before`, `detected`, `grouped`, `signalled`, `classified`, then `mitigated` or `right-command`, or `answered` of a person, `resolved`, `no-data-lost`, `quiet-after`.",
    ),
  status: z
    .enum(["pass", "fail", "unknown"])
    .describe("Whether it was so; `unknown`: there was nothing to tell it by."),
  found: z.string().min(1).describe("What was found, with numbers."),
});

/** How a game day went. Times are on local AWS's clock, which may have been moved. */
export const gameDayReportSchema = strictObject({
  version: z.literal(1).describe("Version of this report's schema."),
  name: z.string().describe("The game day, as it is typed."),
  environment: z.string().describe("As in slipway.config.ts."),
  manual: z.boolean().describe("Whether a person was to cure it."),
  plantedAt: z.iso.datetime().describe("ISO time on local AWS at which its faults were there."),
  incidents: z
    .array(z.string())
    .describe("Ids of its incidents: all that were opened, but for those in the healthy minutes before and after."),
  severity: severitySchema
    .nullable()
    .describe("The worst of them, from 1 (critical) to 4 (low); null where there are none."),
  secondsToDetect: seconds.describe(
    "Seconds from the planting until the first of them was opened; null where none was.",
  ),
  secondsToMitigate: seconds.describe(
    "Seconds from the planting until the last action that helps by itself had ended, which to wait and to look does not; null where none was done.",
  ),
  secondsToResolve: seconds.describe(
    "Seconds from the planting until all of them were resolved; null where one was not, or there are none.",
  ),
  requests: count.describe("How many requests users sent, the healthy minutes before and after included."),
  failed: count.describe("Those of them that were not answered, or with 429 or 5xx."),
  lostWrites: count
    .nullable()
    .describe(
      "Acknowledged writes that could not be read as expected afterwards; null where none was acknowledged that could be read again.",
    ),
  grades: z.array(gradeSchema).describe("What was demanded, and whether it was so, one by one."),
  outcome: z
    .enum(["pass", "fail", "unknown"])
    .describe("`fail`: a grade failed. `unknown`: none failed, and one is not known."),
  durationMs: z.number().nonnegative().describe("How long it took here, in milliseconds of wall-clock time."),
});

export type GameDayReport = z.output<typeof gameDayReportSchema>;
export type Grade = z.output<typeof gradeSchema>;
