import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace, isoTime } from "./document-parts.ts";

export const alarmStateSchema = z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]);

const alarmSchema = strictObject({
  name: z.string(),
  arn: z.string(),
  kind: z.enum(["metric", "composite"]),
  description: z.string().optional(),
  state: alarmStateSchema,
  reason: z.string().describe("why it is in that state, in CloudWatch's words"),
  since: isoTime.describe("when it came into its state"),
  actionsEnabled: z.boolean(),
  alarmActions: z.array(z.string()).describe("ARNs of what is told when it goes off"),
  okActions: z.array(z.string()).describe("ARNs of what is told when it is over"),
  condition: z.string().describe("what it looks at, in words; of a composite alarm its rule"),
  missingData: z.string().optional().describe("what periods without data are to it; absent for a composite alarm"),
  suppressor: strictObject({ alarm: z.string(), suppressedBecause: z.string().optional() })
    .optional()
    .describe("the alarm during which a composite one tells nobody, and why it tells nobody now, where that is so"),
  runbook: z.string().nullable().describe("path of the runbook that its description names"),
  children: z
    .array(strictObject({ name: z.string(), state: alarmStateSchema.nullable() }))
    .describe("alarms that a composite one looks at; a state is null where there is no such alarm"),
});

const alarmEventSchema = strictObject({
  alarm: z.string(),
  at: isoTime,
  kind: z.enum(["state", "action", "configuration"]),
  summary: z.string().describe("as CloudWatch says it"),
  from: alarmStateSchema.optional(),
  to: alarmStateSchema.optional(),
  succeeded: z.boolean().optional().describe("of an action: whether it was done"),
  detail: z.string().optional(),
});

/** What `slipway alarms ENV --output json` prints. */
export const alarmsReportSchema = strictObject({
  ...documentPlace,
  now: isoTime.describe("the time on the target"),
  alarms: z.array(alarmSchema).describe("the worst first; those of one state only where that was asked for"),
  counts: strictObject({ ALARM: count, INSUFFICIENT_DATA: count, OK: count }).describe("whatever was asked for"),
  missing: z.array(z.string()).describe("alarms that the Terraform state has and CloudWatch has not"),
  history: z.array(alarmEventSchema).optional().describe("the newest first; only with --history"),
});
