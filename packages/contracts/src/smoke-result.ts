import * as z from "zod";
import { strictObject } from "./strict-object.ts";

const stepResultSchema = strictObject({
  name: z.string().describe("What the step shows."),
  request: z.string().describe("`POST /items`, with captured values put in."),
  outcome: z
    .enum(["passed", "failed", "skipped", "left-out"])
    .describe(
      "`left-out`: it is for the other way to ask, through the gateway or past it. `skipped`: what it needs is not there.",
    ),
  status: z.int().optional().describe("The HTTP status that came back; absent when none did."),
  durationMs: z.number().nonnegative().describe("How long it took, in milliseconds."),
  attempts: z.int().nonnegative().describe("How often it was asked: more than 1 only where the scenario allows it."),
  message: z
    .string()
    .optional()
    .describe("Why it failed (expected, received, the body's beginning), or why it was skipped."),
});

/** What a run of a {@link SmokeScenario} saw. */
export const smokeResultSchema = strictObject({
  passed: z.boolean().describe("Every step that was not left out has passed, and there was one."),
  steps: z.array(stepResultSchema).describe("The steps, in order."),
  cleanup: z.array(stepResultSchema).describe("Those that clean up, in order."),
  durationMs: z.number().nonnegative().describe("How long all of it took, in milliseconds."),
});

export type SmokeResult = z.output<typeof smokeResultSchema>;
export type SmokeStepResult = z.output<typeof stepResultSchema>;
