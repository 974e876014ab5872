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
const periodSchema = strictObject({ from: time, to: time });

/** What was measured, or why it was not. */
function measured<Value extends z.ZodType>(value: Value) {
  return z.union([
    strictObject({ value }),
    strictObject({ unknown: z.string().min(1), next: z.string().min(1).optional() }),
  ]);
}

/** Answers of the hours of the clock that begin in the period. */
const hoursSchema = strictObject({
  /** Half as long again as nine of ten answers take in the quicker hours, and no less than what nobody waits for. */
  slowMs: z.int().positive(),
  hours: z.array(strictObject({ from: time, answers: amount, slow: amount })),
});

/** How many minutes of the period have data, by the metric's name. */
const minutesWithData = z.record(z.string(), count);

const functionMetricsSchema = strictObject({
  name: z.string(),
  calls: amount,
  errors: amount,
  throttles: amount,
  /** Null without calls. */
  longestMs: amount.nullable(),
  /** Beginning of the last minute with calls. */
  lastCallAt: time.nullable(),
  baseline: strictObject({ calls: amount, errors: amount }),
  minutesWithData,
});

const stageMetricsSchema = strictObject({
  apiName: z.string(),
  stage: z.string(),
  requests: amount,
  serverErrors: amount,
  clientErrors: amount,
  /** Answers that took longer than `responseTime.limitMs`. */
  slow: amount,
  /** Answers whose time was measured. */
  timed: amount,
  longestMs: amount.nullable(),
  lastRequestAt: time.nullable(),
  /** Null where the window is too short for hours, or nothing was answered in one. */
  byHour: hoursSchema.nullable(),
  baseline: strictObject({ requests: amount, serverErrors: amount }),
  minutesWithData,
});

const tableMetricsSchema = strictObject({
  name: z.string(),
  /** Requests that succeeded. */
  requests: amount,
  throttledReads: amount,
  throttledWrites: amount,
  systemErrors: amount,
  minutesWithData,
});

const metricsSchema = strictObject({
  functions: z.array(functionMetricsSchema),
  stages: z.array(stageMetricsSchema),
  tables: z.array(tableMetricsSchema),
  /** DynamoDB's UserErrors, which AWS counts for the whole account and Region. */
  userErrors: amount,
  /** The application's own metrics: how many there are, and how many of them have data in the period. */
  namespaces: z.array(strictObject({ namespace: z.string(), known: count, withData: count })),
});

const errorCountSchema = strictObject({
  count,
  /** There are more: reading was broken off at `count`. */
  more: z.boolean(),
});

/** An error that was not there before the release, or much less often. */
const unusualErrorSchema = strictObject({
  kind: z.enum(["new", "more-frequent"]),
  /** The same for messages that differ in identifiers, numbers and the like only. */
  fingerprint: z.string(),
  before: count,
  now: count,
  /** The first such message, or its beginning. */
  example: z.string(),
});

const groupActivitySchema = strictObject({
  group: z.string(),
  /** What writes it: a function's name, or an API and its stage. */
  writer: z.string(),
  hasEvents: z.boolean(),
  /** Beginning of the minute with the writer's last traffic in the period. */
  lastTrafficAt: time.nullable(),
  /** Whether there is an event from then on; null without traffic. */
  hasEventsSince: z.boolean().nullable(),
  /** Whether there is an event so old that metrics of it had to be there; null with traffic, when metrics are. */
  hasSettledEvents: z.boolean().nullable(),
});

const probeSchema = strictObject({
  name: z.string(),
  method: z.string(),
  path: z.string(),
  /** Statuses of a good answer. */
  expected: z.array(z.int()).min(1),
  /** Headers of a good answer, by lower-case name, as far as they are about CORS. */
  expectedCors: z.record(z.string(), z.string()),
  /** Null where no answer came. */
  status: z.int().nullable(),
  durationMs: amount,
  /** The gateway's id of the request. */
  requestId: z.string().nullable(),
  /** `Access-Control-*` headers of the answer, by lower-case name. */
  cors: z.record(z.string(), z.string()),
  /** Why no answer came. */
  why: z.string().optional(),
});

const loggedRequestSchema = strictObject({
  requestId: z.string(),
  request: z.string(),
  /** Milliseconds after which it was found; null where it was not, within the deadline. */
  groups: z.array(
    strictObject({
      group: z.string(),
      writer: z.string(),
      kind: z.enum(["access", "function"]),
      afterMs: amount.nullable(),
    }),
  ),
  /** Stages that have no access log at all. */
  withoutAccessLog: z.array(z.string()),
});

const deployedFunctionSchema = strictObject({
  name: z.string(),
  alias: z.string().nullable(),
  version: z.string(),
  /** When the version was published. */
  publishedAt: time,
  state: z.string(),
  lastUpdate: z.string(),
  reason: z.string().optional(),
});

const alarmSchema = strictObject({
  name: z.string(),
  /** Null: there is no such alarm. */
  observed: strictObject({
    kind: z.enum(["metric", "composite"]),
    state: z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]),
    reason: z.string(),
    since: time,
    actionsEnabled: z.boolean(),
    alarmActions: z.array(z.string()),
    children: z.array(z.string()),
  }).nullable(),
  /** The last change of its state that its history knows. */
  lastTransition: strictObject({ at: time, summary: z.string() }).nullable(),
  /** Null where alarms are not exercised. */
  drill: measured(
    strictObject({
      goesOff: z.boolean(),
      recovers: z.boolean(),
      actions: z.array(strictObject({ action: z.string(), succeeded: z.boolean(), detail: z.string().optional() })),
      found: z.string(),
    }),
  ).nullable(),
});

const costSchema = strictObject({
  usdPerMonth: z.number(),
  /** Days that the month is reckoned from. */
  days: z.number().positive(),
  unknownLines: count,
  gaps: z.array(z.string()),
});

/** Who answers for what users say. */
export const signOffSchema = strictObject({
  by: z.string().trim().min(1, { error: "expected a name" }),
  feedback: z.enum(["positive", "negative"]),
  note: z.string().trim().min(1).optional(),
  at: time,
});

/**
 * Everything that a validation looked at, before anybody judges it: judging these numbers again gives the same evidence. Times are on
 * the target's clock.
 */
export const validationMeasurementsSchema = strictObject({
  version: z.literal(1),
  environment: z.string(),
  window: validationWindowSchema,
  at: time,
  /** How long the window is. */
  windowMs: z.int().positive(),
  /** When what runs now began to run, and how that is known. */
  released: measured(strictObject({ at: time, from: z.string() })),
  /** What is judged; null where the release is too fresh to have a minute of its own. */
  period: periodSchema.nullable(),
  /** As long as the period, until the release; null where nobody knows when that was. */
  baseline: periodSchema.nullable(),
  functions: measured(z.array(deployedFunctionSchema)),
  metrics: measured(metricsSchema),
  /** Lines about errors in the logs of all functions. */
  errorLines: measured(
    strictObject({ period: errorCountSchema, baseline: errorCountSchema, unusual: z.array(unusualErrorSchema) }),
  ),
  /** Calls that Lambda broke off, by function. */
  timeouts: measured(z.array(strictObject({ function: z.string(), timeoutMs: amount, count }))),
  logActivity: measured(z.array(groupActivitySchema)),
  /** Requests that the validation itself has sent, after everything else was measured. */
  probes: measured(z.array(probeSchema)),
  logged: measured(loggedRequestSchema),
  /** Null where it was left out. */
  smoke: measured(smokeResultSchema).nullable(),
  /** The rest is looked at in the extended window only, and null elsewhere. */
  alarms: measured(z.array(alarmSchema)).nullable(),
  security: strictObject({ resources: count, findings: z.array(infrastructureFindingSchema) }).nullable(),
  cost: measured(costSchema).nullable(),
  signOff: signOffSchema.nullable(),
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
