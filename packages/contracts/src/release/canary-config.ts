import * as z from "zod";
import { smokeScenarioSchema } from "../smoke-scenario.ts";
import { strictObject } from "../strict-object.ts";

const BY_THE_MINUTE = "expected at least 60: CloudWatch counts by the minute";

const canaryStepSchema = strictObject({
  percent: z
    .number()
    .min(0.1)
    .max(99, { error: "expected less than 100: all of the traffic comes after the last step, by itself" })
    .describe("The new version's share of the traffic.")
    .meta({ examples: [10] }),
  holdSeconds: z
    .int()
    .min(60, { error: BY_THE_MINUTE })
    .max(86_400)
    .describe("How long it keeps that share.")
    .meta({ examples: [600] }),
});

/** Counts of the application's own, by the version of the function: what its answers were, which Lambda does not know. */
const versionMetricSchema = strictObject({
  name: z
    .string()
    .regex(/^[a-z][A-Za-z0-9]{0,30}$/, { error: "expected letters and digits, a small letter first" })
    .describe("What messages and numbers call it."),
  function: z.string().min(1).describe("The function whose versions are told apart, by its name in `functions`."),
  namespace: z.string().min(1).describe("Their namespace in CloudWatch."),
  dimensions: z
    .record(z.string().min(1), z.string().min(1))
    .default({})
    .describe("All other dimensions that the metrics have."),
  versionDimension: z.string().min(1).describe("The dimension whose value is the version's number."),
  total: z.string().min(1).describe("The metric whose sum is how many there were: `requests`."),
  events: z.string().min(1).describe("The metric whose sum is how many of them were bad: `faults`."),
  words: strictObject({
    units: z.string().min(1).default("requests").describe("What `total` counts."),
    events: z.string().min(1).default("failed").describe("What those of `events` did."),
  })
    .prefault({})
    .describe("How a verdict tells of them: `7 of 203 requests had an answer of 5xx`."),
});

export const canaryConfigSchema = strictObject({
  steps: z
    .array(canaryStepSchema)
    .default([
      { percent: 10, holdSeconds: 300 },
      { percent: 50, holdSeconds: 300 },
    ])
    .refine((steps) => steps.every(({ percent }, index) => index === 0 || percent > (steps[index - 1]?.percent ?? 0)), {
      error: "expected shares that grow",
    })
    .describe("One after the other, with growing shares; none: all of the traffic at once."),
  lookEverySeconds: z
    .int()
    .min(60, { error: BY_THE_MINUTE })
    .max(3_600)
    .default(60)
    .describe("How often it is judged during a hold."),
  metricsDelaySeconds: z
    .int()
    .min(0)
    .max(900)
    .default(120)
    .describe(
      "How late metrics and logs may be: nothing younger is judged, and at the end of a hold it is waited for. Lambda sends its metrics by the minute, and CloudWatch shows them some time after.",
    ),
  falseAlarms: z
    .number()
    .positive()
    .max(0.2)
    .default(0.01)
    .describe(
      "How often a version that is no worse may be put back, over all metrics, functions, steps and looks of a release together.",
    ),
  mustFind: z
    .number()
    .min(0.01)
    .max(0.5)
    .default(0.05)
    .describe(
      "The smallest share of requests that a new version makes fail, or slow, and that must not be missed: in at least four of five cases. With less traffic than that takes, a version is not judged; where versions are asked, it is this that says how often: about 20 / share answers of each.",
    ),
  metrics: z
    .array(versionMetricSchema)
    .default([])
    .describe("Compared beside what Lambda itself counts: calls, errors, durations, and errors in the logs."),
  whenInconclusive: z
    .enum(["pause", "ask-the-version"])
    .default("ask-the-version")
    .describe(
      "What happens when a hold ends with too little traffic to judge: the release waits for a person, or asks the new version itself.",
    ),
  requests: smokeScenarioSchema
    .optional()
    .describe(
      "The requests that the version is asked with, again and again, where there is too little traffic: the smoke scenario's, unless given.",
    ),
});

export type CanaryConfig = z.output<typeof canaryConfigSchema>;
export type VersionMetric = CanaryConfig["metrics"][number];
