import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import type { DocumentRecord } from "./document.ts";
import { migrationIdSchema, migrationPhaseSchema } from "./migration.ts";

const count = z.int().nonnegative();
const units = z.number().nonnegative();
const time = z.iso.datetime();

/** What was counted. Work whose count was not saved before a kill is done again, finds nothing to change, and is counted as looked at. */
const countsShape = {
  /** Records that DynamoDB looked at. */
  scanned: count,
  /** Records that were written. */
  changed: count,
  /** Writes that were refused because the record had been changed since it was read; each was looked at and decided again. */
  conflicts: count,
  /** Records that were not as they have to be when they were looked at. */
  found: count,
  /** Records that the migration's `verify` complains about. */
  problems: count,
  readUnits: units,
  writeUnits: units,
};

export const migrationCountsSchema = strictObject(countsShape);

/** How far one segment of the table is, in this pass. */
export const segmentProgressSchema = strictObject({
  done: z.boolean(),
  /** The key that the next page begins after (LastEvaluatedKey); none at the beginning. */
  cursor: z.custom<DocumentRecord>((value) => typeof value === "object" && value !== null).optional(),
  ...countsShape,
});

/** Who is running a migration, until when nobody else may. */
export const migrationHolderSchema = strictObject({
  /** Different for each run; every write of the run is conditional on it. */
  token: z.string().min(1),
  /** For people: who, where. */
  name: z.string().min(1),
  /** Says for another process of the same machine whether this one is gone. */
  process: strictObject({ machine: z.string().min(1), pid: z.int().positive() }).optional(),
  since: time,
  expiresAt: time,
});

/** What a table remembers of a migration: how far it is, or that it is done. It lies in the table itself, as `migration#ID`. */
export const migrationRecordSchema = strictObject({
  version: z.literal(1, { error: "is not 1: it was written by a newer Slipway" }),
  id: migrationIdSchema,
  phase: migrationPhaseSchema,
  description: z.string(),
  /** SHA-256 of the file that was run, in hexadecimal. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  state: z.enum(["running", "done"]),
  /** One more with each write: a write is refused unless it goes on from the record that it knows. */
  revision: z.int().positive(),
  /** Token of the run that wrote it. */
  writer: z.string().min(1),
  startedAt: time,
  updatedAt: time,
  finishedAt: time.optional(),
  /** Who finished it. */
  finishedBy: z.string().optional(),
  /** 1 is the backfill; those after it look at everything again, until one finds nothing. */
  pass: z.int().positive(),
  /** Of this pass; its length is the number of segments, which stays for a whole pass. */
  segments: z.array(segmentProgressSchema).min(1),
  /** Of the passes before this one. */
  earlier: migrationCountsSchema,
  holder: migrationHolderSchema.optional(),
});

export type MigrationCounts = z.output<typeof migrationCountsSchema>;
export type SegmentProgress = z.output<typeof segmentProgressSchema>;
export type MigrationHolder = z.output<typeof migrationHolderSchema>;
export type MigrationRecord = z.output<typeof migrationRecordSchema>;
