import * as z from "zod";
import { strictObject } from "./strict-object.ts";

/**
 * How a check came out. `unknown` is what could not be looked at; it is never a pass. A `waived` one failed or is unknown, and
 * somebody has answered for it.
 */
export const evidenceStatusSchema = z.enum(["pass", "fail", "unknown", "waived"]);

/** What a check saw. */
export const evidenceSchema = strictObject({
  /** Dotted id of the check, such as `destroy.backup-fresh`. */
  check: z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/, { error: "expected a dotted id such as destroy.backup" }),
  /** What was looked at, where a check looks at several: a table, a function, a file. */
  subject: z.string().optional(),
  /** What is demanded, in words that a sentence can begin with. */
  title: z.string().min(1),
  status: evidenceStatusSchema,
  /** What was found, and why that is the status. */
  found: z.string().min(1),
  /** What to type or do, where it is no pass. */
  next: z.string().optional(),
  /** ISO time. */
  at: z.iso.datetime(),
});

export type Evidence = z.output<typeof evidenceSchema>;
export type EvidenceStatus = z.output<typeof evidenceStatusSchema>;
