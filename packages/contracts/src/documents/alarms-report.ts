import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace, isoTime } from "./document-parts.ts";

export const alarmStateSchema = z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]);

const alarmSchema = strictObject({
  name: z.string().describe("its name"),
  arn: z.string().describe("its ARN"),
  kind: z.enum(["metric", "composite"]).describe("`metric`: it looks at metrics; `composite`: at other alarms"),
  description: z.string().optional().describe("what it says about itself; absent where it says nothing"),
  state: alarmStateSchema.describe("its state now"),
  reason: z.string().describe("why it is in that state, in CloudWatch's words"),
  since: isoTime.describe("when it came into its state"),
  actionsEnabled: z.boolean().describe("whether its actions are carried out at all"),
  alarmActions: z.array(z.string()).describe("ARNs of what is told when it goes off"),
  okActions: z.array(z.string()).describe("ARNs of what is told when it is over"),
  condition: z.string().describe("what it looks at, in words; of a composite alarm its rule"),
  missingData: z.string().optional().describe("what periods without data are to it; absent for a composite alarm"),
  suppressor: strictObject({
    alarm: z.string().describe("its name"),
    suppressedBecause: z.string().optional().describe("why nobody is told now; absent where somebody would be"),
  })
    .optional()
    .describe("the alarm during which a composite one tells nobody; absent where there is none"),
  runbook: z.string().nullable().describe("path of the runbook that its description names; null where it names none"),
  children: z
    .array(
      strictObject({
        name: z.string().describe("its name"),
        state: alarmStateSchema.nullable().describe("its state now; null where there is no such alarm"),
      }),
    )
    .describe("alarms that a composite one looks at; empty for a metric alarm"),
});

const alarmEventSchema = strictObject({
  alarm: z.string().describe("name of the alarm"),
  at: isoTime.describe("when it happened"),
  kind: z
    .enum(["state", "action", "configuration"])
    .describe(
      "`state`: it came into another one; `action`: somebody was told, or was to be; `configuration`: the alarm itself was made, changed or deleted",
    ),
  summary: z.string().describe("what happened, as CloudWatch says it"),
  from: alarmStateSchema
    .optional()
    .describe("of a change of state: the one before; absent where CloudWatch does not say"),
  to: alarmStateSchema.optional().describe("of a change of state: the new one; absent where CloudWatch does not say"),
  succeeded: z.boolean().optional().describe("of an action: whether it was done; absent for anything else"),
  detail: z
    .string()
    .optional()
    .describe(
      "of a change of state: why; of an action: why it failed, or what was told; absent where CloudWatch does not say",
    ),
});

/** What `slipway alarms ENV --output json` prints. */
export const alarmsReportSchema = strictObject({
  ...documentPlace,
  now: isoTime.describe("the time on the target"),
  alarms: z.array(alarmSchema).describe("the worst first; those of one state only where that was asked for"),
  counts: strictObject({
    ALARM: count.describe("gone off"),
    INSUFFICIENT_DATA: count.describe("without data"),
    OK: count.describe("in order"),
  }).describe("how many alarms are in each state, whichever state was asked for; those of a name only where one was"),
  missing: z
    .array(z.string())
    .describe(
      "alarms that the Terraform state has and CloudWatch has not; those of a name only where one was asked for",
    ),
  history: z
    .array(alarmEventSchema)
    .optional()
    .describe("what happened to the alarms that are shown, the newest first; only with --history"),
});
