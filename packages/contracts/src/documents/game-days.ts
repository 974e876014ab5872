import * as z from "zod";
import { gameDayReportSchema } from "../incident/game-day-report.ts";
import { actionKinds } from "../incident/proposal.ts";
import { severitySchema } from "../incident/severity.ts";
import { strictObject } from "../strict-object.ts";
import { documentVersion } from "./document-parts.ts";

/** What `slipway gameday list --output json` prints. */
export const gameDayListSchema = strictObject({
  version: documentVersion,
  gameDays: z
    .array(
      strictObject({
        name: z.string().describe("as it is typed"),
        summary: z.string().describe("what happens"),
        severities: z.array(severitySchema).describe("how bad the guide would call it"),
        cure: z
          .discriminatedUnion("by", [
            strictObject({
              by: z.literal("slipway"),
              action: z.enum(actionKinds).describe("what Slipway has to do by itself"),
            }),
            strictObject({
              by: z.literal("person"),
              proposes: z.array(z.enum(actionKinds)).describe("of which Slipway has to propose one to a person"),
            }),
          ])
          .describe("what cures it"),
      }),
    )
    .describe("in the order in which `all` plays them"),
});

/** What `slipway gameday NAMES... --output json` prints. */
export const gameDayReportsSchema = strictObject({
  version: documentVersion,
  reports: z.array(gameDayReportSchema).describe("in the order in which they were played"),
});
