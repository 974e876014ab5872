import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { documentVersion } from "./document-parts.ts";

export const failureKinds = [
  "usage",
  "setup",
  "conflict",
  "busy",
  "not-found",
  "denied",
  "throttled",
  "unreachable",
  "timeout",
  "interrupted",
  "fenced",
  "failed",
  "bug",
] as const;

/**
 * What any command prints with `--output json` when it fails before it has a document of its own. What it says to people goes to stderr as
 * ever.
 */
export const failureReportSchema = strictObject({
  version: documentVersion,
  error: strictObject({
    kind: z
      .enum(failureKinds)
      .describe(
        "usage: what was typed or configured is wrong; setup: Slipway's own set-up; conflict, busy, fenced: somebody else; not-found, denied, throttled, unreachable: what AWS answered; timeout; interrupted; failed: anything else that can be expected; bug: of Slipway",
      ),
    what: z.string().describe("what happened"),
    why: z.string().nullable().describe("null where that is said with what happened"),
    next: z.string().nullable().describe("what to type or do now; null where that is said with what happened"),
  }).describe("what went wrong"),
  exitCode: z.int().positive().describe("of the command"),
});

export type FailureReport = z.output<typeof failureReportSchema>;
