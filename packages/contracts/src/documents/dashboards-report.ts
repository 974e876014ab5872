import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { alarmStateSchema } from "./alarms-report.ts";
import { documentPlace, isoTime } from "./document-parts.ts";
import { insightsResultShape } from "./insights-answer.ts";

const place = {
  x: z.int().nonnegative().describe("where it begins, in columns from the left of a grid of 24"),
  y: z.int().nonnegative().describe("where it begins, in rows of that grid from the top"),
  width: z.int().positive().describe("how many columns it takes"),
  height: z.int().positive().describe("how many rows it takes"),
};

const title = z.string().optional().describe("its title; absent where it has none");
const axis = z.enum(["left", "right"]).describe("the axis that it is drawn by");
const shownAlarm = {
  name: z.string().describe("its name"),
  state: alarmStateSchema.nullable().describe("its state now; null: there is no such alarm"),
  since: isoTime.nullable().describe("when it came into its state; null: there is no such alarm"),
};

const widgetSchema = z.discriminatedUnion("type", [
  strictObject({
    ...place,
    type: z.literal("metric"),
    title,
    view: z.string().describe("how it is drawn: timeSeries, singleValue, gauge, bar, pie or table"),
    series: z
      .array(
        strictObject({
          id: z.string().describe("of its metric or expression; several series of one search have the same"),
          label: z.string().describe("what CloudWatch calls it"),
          points: z
            .array(
              strictObject({
                at: isoTime.describe("beginning of the period"),
                value: z.number().describe("in the unit of the series"),
              }),
            )
            .describe("its values, oldest first; a period without data is not there"),
          periodSeconds: z.number().positive().describe("length of a period, in seconds"),
          unit: z
            .enum(["count", "ms", "%"])
            .describe("what its values are of, by its metric or by the words of its titles: CloudWatch does not say"),
          axis,
        }),
      )
      .describe("its metrics and expressions with their values; empty where it shows an alarm"),
    annotations: z
      .array(
        strictObject({
          label: z.string().optional().describe("what it says; absent where it says nothing"),
          value: z.number().describe("where it is on its axis"),
          axis,
        }),
      )
      .describe("values that are drawn as horizontal lines"),
    leftAxis: strictObject({
      min: z.number().optional().describe("where it begins; absent where the dashboard does not say"),
      max: z.number().optional().describe("where it ends; absent where the dashboard does not say"),
      label: z.string().optional().describe("what it says; absent where it says nothing"),
    }).describe("how its left axis is to be drawn"),
    alarm: strictObject({
      ...shownAlarm,
      condition: z.string().describe("what it looks at, in words, or that there is no such alarm"),
    })
      .optional()
      .describe("the alarm whose metric it shows, instead of series of its own; absent where it has series"),
  }),
  strictObject({
    ...place,
    type: z.literal("log"),
    title,
    answer: strictObject(insightsResultShape).describe("what its query of Logs Insights came to"),
  }),
  strictObject({
    ...place,
    type: z.literal("alarm"),
    title,
    alarms: z.array(strictObject(shownAlarm)).describe("its alarms, those of the states that it shows"),
  }),
  strictObject({ ...place, type: z.literal("text"), markdown: z.string().describe("its text, in Markdown") }),
  strictObject({
    ...place,
    type: z.literal("other"),
    title,
    what: z.string().describe("what it is, or why it could not be shown"),
    isFailure: z.boolean().describe("whether its data could not be read"),
  }),
]);

/** What `slipway dashboard ENV --output json` prints. */
export const dashboardsReportSchema = strictObject({
  ...documentPlace,
  dashboards: z
    .array(
      strictObject({
        name: z.string().describe("its name"),
        from: isoTime.describe("when the time that it shows begins"),
        to: isoTime.describe("when it ends"),
        widgets: z.array(widgetSchema).describe("its widgets with their data, in the order of the dashboard"),
      }),
    )
    .describe("those of the Terraform state, or the one that was named"),
});
