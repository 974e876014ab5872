import * as z from "zod";
import { strictObject } from "./strict-object.ts";

const stepResultSchema = strictObject({
  name: z.string(),
  /** `POST /items`, with captured values put in. */
  request: z.string(),
  /** `left-out`: it is for the other way to ask, through the gateway or past it. `skipped`: what it needs is not there. */
  outcome: z.enum(["passed", "failed", "skipped", "left-out"]),
  /** The HTTP status that came back; absent when none did. */
  status: z.int().optional(),
  durationMs: z.number().nonnegative(),
  /** How often it was asked: more than 1 only where the scenario allows it. */
  attempts: z.int().nonnegative(),
  /** Why it failed (expected, received, the body's beginning), or why it was skipped. */
  message: z.string().optional(),
});

/** What a run of a {@link SmokeScenario} saw. */
export const smokeResultSchema = strictObject({
  /** Every step that was not left out has passed, and there was one. */
  passed: z.boolean(),
  steps: z.array(stepResultSchema),
  cleanup: z.array(stepResultSchema),
  durationMs: z.number().nonnegative(),
});

export type SmokeResult = z.output<typeof smokeResultSchema>;
export type SmokeStepResult = z.output<typeof stepResultSchema>;
