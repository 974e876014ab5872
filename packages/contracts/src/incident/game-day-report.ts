import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { severitySchema } from "./severity.ts";

const seconds = z.number().nonnegative().nullable();

/** One line of a score. */
export const gradeSchema = strictObject({
  name: z
    .string()
    .min(1)
    .describe(
      "What was demanded: `detected`, `classified`, `grouped`, `mitigated`, `resolved`, `no-data-lost`, `right-command`, `quiet-after`.",
    ),
  status: z.enum(["pass", "fail", "unknown"]),
  found: z.string().min(1),
});

/** How a game day went. Times are on local AWS's clock, which may have been moved. */
export const gameDayReportSchema = strictObject({
  version: z.literal(1),
  name: z.string(),
  environment: z.string(),
  manual: z.boolean().describe("Whether a person was to cure it."),
  plantedAt: z.iso.datetime(),
  incidents: z.array(z.string()),
  severity: severitySchema.nullable(),
  secondsToDetect: seconds.describe("From the planting."),
  secondsToMitigate: seconds,
  secondsToResolve: seconds,
  requests: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  lostWrites: z
    .int()
    .nonnegative()
    .nullable()
    .describe("Acknowledged writes that were not there afterwards, or not as they were written."),
  grades: z.array(gradeSchema),
  outcome: z.enum(["pass", "fail", "unknown"]),
  durationMs: z.number().nonnegative(),
});

export type GameDayReport = z.output<typeof gameDayReportSchema>;
export type Grade = z.output<typeof gradeSchema>;
