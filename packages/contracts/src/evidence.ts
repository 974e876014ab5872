import * as z from "zod";
import { sha256HexSchema } from "./release/release-ids.ts";
import { strictObject } from "./strict-object.ts";

/**
 * How a check came out. `unknown` is what could not be looked at; it is never a pass. A `waived` one failed or is unknown, and
 * somebody has answered for it.
 */
export const evidenceStatusSchema = z.enum(["pass", "fail", "unknown", "waived"]);

/** What a check saw. */
export const evidenceSchema = strictObject({
  check: z
    .string()
    .regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/, { error: "expected a dotted id such as destroy.backup" })
    .describe("Dotted id of the check, such as `destroy.backup-fresh`."),
  subject: z
    .string()
    .optional()
    .describe("What was looked at, where a check looks at several: a table, a function, a file."),
  title: z.string().min(1).describe("What is demanded, in words that a sentence can begin with."),
  status: evidenceStatusSchema.describe(
    "`unknown`: it could not be looked at, which is no pass. `waived`: it failed or is unknown, and somebody has answered for it.",
  ),
  found: z.string().min(1).describe("What was found, and why that is the status."),
  next: z.string().optional().describe("What to type or do, where it is no pass."),
  at: z.iso.datetime().describe("ISO time at which it was looked at."),
  command: z.string().min(1).optional().describe("What was run or asked, as one could type it."),
  inputs: sha256HexSchema
    .optional()
    .describe("SHA-256 of everything that it depends on: while that is the same, it need not be looked at again."),
  expires: z.iso.datetime().optional().describe("ISO time until which it may be used again."),
  reused: z
    .boolean()
    .optional()
    .describe("Whether it was looked at earlier, and nothing that it depends on has changed since."),
  durationMs: z
    .number()
    .nonnegative()
    .optional()
    .describe("How long the look took, in milliseconds; absent where nobody measured it."),
  waiver: strictObject({
    by: z.string().min(1).describe("Who answers for it."),
    reason: z.string().min(1).describe("Why it may be so."),
    expires: z.iso.date().optional().describe("The last day on which it holds (UTC); for good where it is absent."),
  })
    .optional()
    .describe("Who has answered for it, where it is waived."),
  decidedIn: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The kind of step (`infrastructure.plan`) that decides it in a release, where it is unknown because that step is still to come.",
    ),
  forPeople: z
    .boolean()
    .optional()
    .describe(
      "Whether it is unknown until somebody says it, in the configuration or by a word of their own: no later look brings it.",
    ),
});

export type Evidence = z.output<typeof evidenceSchema>;
export type EvidenceStatus = z.output<typeof evidenceStatusSchema>;
