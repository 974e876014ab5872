import * as z from "zod";
import { strictObject } from "../strict-object.ts";

/** What can be done about an incident. */
export const actionKinds = [
  "rollback-code",
  "rollback-infrastructure",
  "undo-data",
  "restore-data",
  /** What Terraform has, and AWS has not any more, is made again: the plan of the live release's commit. */
  "reapply-infrastructure",
  /** A backup is made, in place of one that was not. */
  "make-backup",
  "unlock",
  "resume-release",
  /** More room: concurrency, capacity, throttling limits. */
  "raise-limit",
  /** Keep somebody, or some input, out. */
  "block-input",
  /** It is not ours, or it passes: watch, and tell people. */
  "wait",
  /** Nothing is known to help yet: where to look next. */
  "look",
] as const;

/** The next thing to do, and why. */
export const proposalSchema = strictObject({
  kind: z.enum(actionKinds).describe("What can be done."),
  because: z.string().min(1).describe("One sentence that ends the question why, with numbers."),
  command: z.string().min(1).describe("What to type."),
  safe: z.boolean().describe("Whether Slipway may do it without a person: it is quickly undone, and loses nothing."),
});

export type ActionKind = (typeof actionKinds)[number];
export type Proposal = z.output<typeof proposalSchema>;
