import * as z from "zod";
import { smokeScenarioSchema } from "../smoke-scenario.ts";
import { strictObject } from "../strict-object.ts";

const canaryStepSchema = strictObject({
  /** The new version's share of the traffic. */
  percent: z
    .number()
    .min(0.1)
    .max(99, { error: "expected less than 100: all of the traffic comes after the last step, by itself" }),
  /** How long it keeps that share. */
  holdSeconds: z.int().min(60, { error: "expected at least 60: CloudWatch counts by the minute" }).max(86_400),
});

export const canaryConfigSchema = strictObject({
  /** One after the other, with growing shares; none: all of the traffic at once. */
  steps: z
    .array(canaryStepSchema)
    .default([
      { percent: 10, holdSeconds: 300 },
      { percent: 50, holdSeconds: 300 },
    ])
    .refine((steps) => steps.every(({ percent }, index) => index === 0 || percent > (steps[index - 1]?.percent ?? 0)), {
      error: "expected shares that grow",
    }),
  /** How often it is judged during a hold. */
  lookEverySeconds: z.int().min(10).max(3_600).default(60),
  /** What happens when a hold ends with too little traffic to judge: the release waits for a person, or asks the new version itself. */
  whenInconclusive: z.enum(["pause", "ask-the-version"]).default("ask-the-version"),
  /** The requests that the version is asked with, again and again, where there is too little traffic: the smoke scenario's, unless given. */
  requests: smokeScenarioSchema.optional(),
});

export type CanaryConfig = z.output<typeof canaryConfigSchema>;
