import * as z from "zod";
import { infrastructureFindingSchema } from "./infrastructure-findings.ts";
import { smokeResultSchema } from "./smoke-result.ts";
import { strictObject } from "./strict-object.ts";

/** The guide's three windows after a deployment: the first 5 minutes, the first hour, the first 24 hours. */
export const validationWindowSchema = z.enum(["immediate", "short", "extended"]);

const time = z.iso.datetime();
const count = z.int().nonnegative();
/** Sums of CloudWatch are numbers with a fraction, however whole what they count is. */
const amount = z.number().nonnegative();

/** From `from` until just before `to`. */
const periodSchema = strictObject({
  from: time.describe("ISO time from which on."),
  to: time.describe("ISO time just before which."),
});

/** What was measured, or why it was not. */
function measured<Value extends z.ZodType>(value: Value) {
  return z.union([
    strictObject({ value: value.describe("What was measured.") }),
    strictObject({
      unknown: z.string().min(1).describe("Why it was not measured."),
      next: z.string().min(1).optional().describe("What to do about that; absent where nothing helps."),
    }),
  ]);
}

/** Answers of the hours of the clock that begin in the period. */
const hoursSchema = strictObject({
  slowMs: z
    .int()
    .positive()
    .describe(
      "Half as long again as nine of ten answers take in the quicker hours, and no less than what nobody waits for.",
    ),
  hours: z
    .array(
      strictObject({
        from: time.describe("ISO time at which the hour begins."),
        answers: amount.describe("Answers whose time was measured."),
        slow: amount.describe("Of these slower than `slowMs`."),
      }),
    )
    .describe("The hours, oldest first."),
});

/** How many minutes of the period have data, by the metric's name. */
const minutesWithData = z
  .record(z.string(), count)
  .describe("How many minutes of the period have data, by the metric's name.");

const functionMetricsSchema = strictObject({
  name: z.string().describe("As AWS calls it."),
  calls: amount.describe("Calls in the period."),
  errors: amount.describe("Of these failed."),
  throttles: amount.describe("Calls that Lambda refused for want of concurrency."),
  longestMs: amount.nullable().describe("The longest call, in milliseconds; null without calls."),
  lastCallAt: time.nullable().describe("Beginning of the last minute with calls; null without any."),
  baseline: strictObject({ calls: amount.describe("Calls."), errors: amount.describe("Of these failed.") }).describe(
    "The same before the release.",
  ),
  minutesWithData,
});

const stageMetricsSchema = strictObject({
  apiName: z.string().describe("Name of the API."),
  stage: z.string().describe("Name of its stage."),
  requests: amount.describe("Requests in the period."),
  serverErrors: amount.describe("Of these answered with 5xx."),
  clientErrors: amount.describe("Of these answered with 4xx."),
  slow: amount.describe("Answers that took longer than `responseTime.limitMs`."),
  timed: amount.describe("Answers whose time was measured."),
  longestMs: amount.nullable().describe("The slowest answer, in milliseconds; null without requests."),
  lastRequestAt: time.nullable().describe("Beginning of the last minute with requests; null without any."),
  byHour: hoursSchema
    .nullable()
    .describe("Answers hour by hour; null where the window is too short for hours, or nothing was answered in one."),
  baseline: strictObject({
    requests: amount.describe("Requests."),
    serverErrors: amount.describe("Of these answered with 5xx."),
  }).describe("The same before the release."),
  minutesWithData,
});

const tableMetricsSchema = strictObject({
  name: z.string().describe("As AWS calls it."),
  requests: amount.describe("Requests that succeeded."),
  throttledReads: amount.describe("Reads that were throttled."),
  throttledWrites: amount.describe("Writes that were throttled."),
  systemErrors: amount.describe("Requests that failed by a fault of DynamoDB."),
  minutesWithData,
});

const metricsSchema = strictObject({
  functions: z.array(functionMetricsSchema).describe("The environment's functions."),
  stages: z.array(stageMetricsSchema).describe("The stages of its API."),
  tables: z.array(tableMetricsSchema).describe("Its tables."),
  userErrors: amount.describe("DynamoDB's UserErrors, which AWS counts for the whole account and Region."),
  namespaces: z
    .array(
      strictObject({
        namespace: z.string().describe("Its name."),
        known: count.describe("How many metrics it has."),
        withData: count.describe("How many of them have data in the period."),
      }),
    )
    .describe("The application's own metrics: how many there are, and how many of them have data in the period."),
});

const errorCountSchema = strictObject({
  count: count.describe("How many lines there are."),
  more: z.boolean().describe("There are more: reading was broken off at `count`."),
});

/** An error that was not there before the release, or much less often. */
const unusualErrorSchema = strictObject({
  kind: z.enum(["new", "more-frequent"]).describe("`new`: it was not there before the release."),
  fingerprint: z.string().describe("The same for messages that differ in identifiers, numbers and the like only."),
  before: count.describe("How often it was there before."),
  now: count.describe("How often it is there now."),
  example: z.string().describe("The first such message, or its beginning."),
});

const groupActivitySchema = strictObject({
  group: z.string().describe("Name of the log group."),
  writer: z.string().describe("What writes it: a function's name, or an API and its stage."),
  hasEvents: z.boolean().describe("Whether it has any event at all."),
  lastTrafficAt: time
    .nullable()
    .describe("Beginning of the minute with the writer's last traffic in the period; null without any."),
  hasEventsSince: z.boolean().nullable().describe("Whether there is an event from then on; null without traffic."),
  hasSettledEvents: z
    .boolean()
    .nullable()
    .describe(
      "Whether there is an event so old that metrics of it had to be there; null with traffic, when metrics are.",
    ),
});

const probeSchema = strictObject({
  name: z.string().describe("What it shows."),
  method: z.string().describe("Method of the request."),
  path: z.string().describe("Path of the request, below the API's URL."),
  expected: z.array(z.int()).min(1).describe("Statuses of a good answer."),
  expectedCors: z
    .record(z.string(), z.string())
    .describe("Headers of a good answer, by lower-case name, as far as they are about CORS."),
  status: z.int().nullable().describe("Status of the answer; null where none came."),
  durationMs: amount.describe("How long the answer took, in milliseconds."),
  requestId: z
    .string()
    .nullable()
    .describe("The gateway's id of the request; null where no answer came, or it had none."),
  cors: z.record(z.string(), z.string()).describe("`Access-Control-*` headers of the answer, by lower-case name."),
  why: z.string().optional().describe("Why no answer came; absent where one did."),
});

const loggedRequestSchema = strictObject({
  requestId: z.string().describe("The gateway's id of the request that was looked for."),
  request: z.string().describe("Its method and path."),
  groups: z
    .array(
      strictObject({
        group: z.string().describe("Name of the log group."),
        writer: z.string().describe("What writes it: a function's name, or an API and its stage."),
        kind: z.enum(["access", "function"]).describe("`access`: the access log of a stage."),
        afterMs: amount
          .nullable()
          .describe("Milliseconds after which it was found; null where it was not, within the deadline."),
      }),
    )
    .describe("Milliseconds after which it was found; null where it was not, within the deadline."),
  withoutAccessLog: z.array(z.string()).describe("Stages that have no access log at all."),
});

const deployedFunctionSchema = strictObject({
  name: z.string().describe("As AWS calls it."),
  alias: z.string().nullable().describe("The alias that has its traffic; null where there is none."),
  version: z.string().describe("The version that has the traffic."),
  publishedAt: time.describe("When the version was published."),
  state: z.string().describe("Lambda's word: `Active` is well."),
  lastUpdate: z.string().describe("Lambda's word for its last update: `Successful` is well."),
  reason: z.string().optional().describe("Why it is not well; absent where it is."),
});

const alarmSchema = strictObject({
  name: z.string().describe("Its name."),
  observed: strictObject({
    kind: z.enum(["metric", "composite"]).describe("`composite`: it is made of others."),
    state: z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]).describe("Its state."),
    reason: z.string().describe("What CloudWatch says of that."),
    since: time.describe("ISO time since when it is in it."),
    actionsEnabled: z.boolean().describe("Whether it may tell anybody."),
    alarmActions: z.array(z.string()).describe("ARNs of what it tells when it goes off."),
    children: z.array(z.string()).describe("Names of the alarms that it is made of; empty for a metric one."),
  })
    .nullable()
    .describe("As CloudWatch has it; null: there is no such alarm."),
  lastTransition: strictObject({
    at: time.describe("ISO time of the change."),
    summary: z.string().describe("What it was."),
  })
    .nullable()
    .describe("The last change of its state that its history knows; null where it knows none."),
  drill: measured(
    strictObject({
      goesOff: z.boolean().describe("Whether it went off when it should have."),
      recovers: z.boolean().describe("Whether it came back afterwards."),
      actions: z
        .array(
          strictObject({
            action: z.string().describe("ARN of what was told."),
            succeeded: z.boolean().describe("Whether it was told."),
            detail: z.string().optional().describe("What there is to say of that; absent where nothing."),
          }),
        )
        .describe("What it has told."),
      found: z.string().describe("What was seen, in a sentence."),
    }),
  )
    .nullable()
    .describe("What came of letting it go off; null where alarms are not exercised."),
});

const costSchema = strictObject({
  usdPerMonth: z.number().describe("US dollars a month, reckoned from the observed use."),
  days: z.number().positive().describe("Days that the month is reckoned from."),
  unknownLines: count.describe("How many things have no known price, and are not in it."),
  gaps: z.array(z.string()).describe("What is not known, each in a sentence."),
});

/** Who answers for what users say. */
export const signOffSchema = strictObject({
  by: z.string().trim().min(1, { error: "expected a name" }).describe("Who answers for it."),
  feedback: z.enum(["positive", "negative"]).describe("What users say."),
  note: z.string().trim().min(1).optional().describe("What else there is to say; absent where nothing."),
  at: time.describe("ISO time at which it was given."),
});

/**
 * Everything that a validation looked at, before anybody judges it: judging these numbers again gives the same evidence. Times are on
 * the target's clock.
 */
export const validationMeasurementsSchema = strictObject({
  version: z.literal(1).describe("Version of the schema of these measurements."),
  environment: z.string().describe("As in slipway.config.ts."),
  window: validationWindowSchema.describe("Which window it is."),
  at: time.describe("ISO time at which it was measured."),
  windowMs: z.int().positive().describe("How long the window is."),
  released: measured(
    strictObject({
      at: time.describe("ISO time at which it began to run."),
      from: z.string().describe("How that is known."),
    }),
  ).describe("When what runs now began to run, and how that is known."),
  period: periodSchema
    .nullable()
    .describe("What is judged; null where the release is too fresh to have a minute of its own."),
  baseline: periodSchema
    .nullable()
    .describe("As long as the period, until the release; null where nobody knows when that was."),
  functions: measured(z.array(deployedFunctionSchema)).describe("The functions as Lambda has them."),
  metrics: measured(metricsSchema).describe("What CloudWatch has counted."),
  errorLines: measured(
    strictObject({
      period: errorCountSchema.describe("In the period."),
      baseline: errorCountSchema.describe("Before the release."),
      unusual: z.array(unusualErrorSchema).describe("Those that are new, or much more frequent."),
    }),
  ).describe("Lines about errors in the logs of all functions."),
  timeouts: measured(
    z.array(
      strictObject({
        function: z.string().describe("As AWS calls it."),
        timeoutMs: amount.describe("Its timeout, in milliseconds."),
        count: count.describe("How many calls were broken off."),
      }),
    ),
  ).describe("Calls that Lambda broke off, by function."),
  logActivity: measured(z.array(groupActivitySchema)).describe("Whether logs are written where there is traffic."),
  probes: measured(z.array(probeSchema)).describe(
    "Requests that the validation itself has sent, after everything else was measured.",
  ),
  logged: measured(loggedRequestSchema).describe("Whether a request of the validation's own was written to the logs."),
  smoke: measured(smokeResultSchema).nullable().describe("A run of the whole smoke test; null where it was left out."),
  alarms: measured(z.array(alarmSchema))
    .nullable()
    .describe("The environment's alarms; null outside of the extended window."),
  security: strictObject({
    resources: count.describe("How many resources were looked at."),
    findings: z.array(infrastructureFindingSchema).describe("What was found, highest risk first."),
  })
    .nullable()
    .describe("What was found in the infrastructure as it is deployed; null outside of the extended window."),
  cost: measured(costSchema).nullable().describe("What it costs; null outside of the extended window."),
  signOff: signOffSchema
    .nullable()
    .describe("Who answers for what users say; null outside of the extended window, or where nobody does."),
});

export type ValidationWindow = z.output<typeof validationWindowSchema>;
export type ValidationMeasurements = z.output<typeof validationMeasurementsSchema>;
export type ValidationMetrics = z.output<typeof metricsSchema>;
export type ErrorCount = z.output<typeof errorCountSchema>;
export type ValidationProbe = z.output<typeof probeSchema>;
export type ValidationAlarm = z.output<typeof alarmSchema>;
export type DeployedFunctionFacts = z.output<typeof deployedFunctionSchema>;
export type SignOff = z.output<typeof signOffSchema>;
/** What was measured, or why it was not, and what to do about that. */
export type MeasuredValue<T> = { readonly value: T } | { readonly unknown: string; readonly next?: string };
