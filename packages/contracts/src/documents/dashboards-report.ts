import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { alarmStateSchema } from "./alarms-report.ts";
import { documentPlace, isoTime } from "./document-parts.ts";
import { insightsResultShape } from "./insights-answer.ts";

const place = {
  x: z.int().nonnegative(),
  y: z.int().nonnegative(),
  width: z.int().positive(),
  height: z.int().positive(),
};

const title = z.string().optional();
const axis = z.enum(["left", "right"]);
const shownAlarm = {
  name: z.string(),
  state: alarmStateSchema.nullable().describe("null: there is no such alarm"),
  since: isoTime.nullable(),
};

const widgetSchema = z.discriminatedUnion("type", [
  strictObject({
    ...place,
    type: z.literal("metric"),
    title,
    view: z.string().describe("timeSeries, singleValue, gauge, bar, pie or table"),
    series: z.array(
      strictObject({
        id: z.string(),
        label: z.string(),
        points: z.array(strictObject({ at: isoTime, value: z.number() })).describe("oldest first"),
        periodSeconds: z.number().positive(),
        unit: z.enum(["count", "ms", "s", "%", "bytes", ""]),
        axis,
      }),
    ),
    annotations: z.array(strictObject({ label: z.string().optional(), value: z.number(), axis })),
    leftAxis: strictObject({ min: z.number().optional(), max: z.number().optional(), label: z.string().optional() }),
    alarm: strictObject({ ...shownAlarm, condition: z.string() })
      .optional()
      .describe("the alarm whose metric it shows, instead of series of its own"),
  }),
  strictObject({ ...place, type: z.literal("log"), title, answer: strictObject(insightsResultShape) }),
  strictObject({ ...place, type: z.literal("alarm"), title, alarms: z.array(strictObject(shownAlarm)) }),
  strictObject({ ...place, type: z.literal("text"), markdown: z.string() }),
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
  dashboards: z.array(strictObject({ name: z.string(), from: isoTime, to: isoTime, widgets: z.array(widgetSchema) })),
});
