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
  /** ISO time at which it was looked at. */
  at: z.iso.datetime(),
  /** What was run or asked, as one could type it. */
  command: z.string().min(1).optional(),
  /** SHA-256 of everything that it depends on: while that is the same, it need not be looked at again. */
  inputs: sha256HexSchema.optional(),
  /** ISO time until which it may be used again. */
  expires: z.iso.datetime().optional(),
  /** Whether it was looked at earlier, and nothing that it depends on has changed since. */
  reused: z.boolean().optional(),
  durationMs: z.number().nonnegative().optional(),
  /** Who has answered for it, where it is waived. */
  waiver: strictObject({
    by: z.string().min(1),
    reason: z.string().min(1),
    /** The last day on which it holds (UTC). */
    expires: z.iso.date().optional(),
  }).optional(),
  /** The kind of step (`infrastructure.plan`) that decides it in a release, where it is unknown because that step is still to come. */
  decidedIn: z.string().min(1).optional(),
  /** Whether it is unknown until somebody says it, in the configuration or by a word of their own: no later look brings it. */
  forPeople: z.boolean().optional(),
});

export type Evidence = z.output<typeof evidenceSchema>;
export type EvidenceStatus = z.output<typeof evidenceStatusSchema>;
