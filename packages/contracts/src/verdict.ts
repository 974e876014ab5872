import * as z from "zod";
import { strictObject } from "./strict-object.ts";

/**
 * What a judgement came to. `inconclusive`: too little data to say, so the release pauses. `error`: the measurement itself failed.
 * No data is never `successful`.
 */
export const verdictStatusSchema = z.enum(["successful", "failed", "inconclusive", "error"]);

/** A judgement with the numbers that it was made of. */
export const verdictSchema = strictObject({
  status: verdictStatusSchema.describe("`inconclusive`: too little data to say. `error`: it could not be measured."),
  reason: z
    .string()
    .min(1)
    .describe("One sentence with the measured numbers and the limit that they were held against."),
  numbers: z
    .record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), z.number())
    .describe("The numbers by name: counts, rates, bounds, probabilities."),
});

export type Verdict = z.output<typeof verdictSchema>;
export type VerdictStatus = z.output<typeof verdictStatusSchema>;
