import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import type { DocumentRecord } from "./document.ts";
import { migrationIdSchema, migrationPhaseSchema } from "./migration.ts";

const count = z.int().nonnegative();
const units = z.number().nonnegative();
const time = z.iso.datetime();

/** What was counted. Work whose count was not saved before a kill is done again, finds nothing to change, and is counted as looked at. */
const countsShape = {
  scanned: count.describe("Records that DynamoDB looked at."),
  changed: count.describe("Records that were written."),
  conflicts: count.describe(
    "Writes that were refused because the record had been changed since it was read; each was looked at and decided again.",
  ),
  found: count.describe("Records that were not as they have to be when they were looked at."),
  problems: count.describe("Records that the migration's `verify` complains about."),
  readUnits: units.describe("Read capacity units that DynamoDB has counted for it."),
  writeUnits: units.describe("Write capacity units that DynamoDB has counted for it."),
};

export const migrationCountsSchema = strictObject(countsShape);

/** How far one segment of the table is, in this pass. */
export const segmentProgressSchema = strictObject({
  done: z.boolean(),
  cursor: z
    .custom<DocumentRecord>((value) => typeof value === "object" && value !== null)
    .optional()
    .describe("The key that the next page begins after (LastEvaluatedKey); none at the beginning."),
  ...countsShape,
});

/** Who is running a migration, until when nobody else may. */
export const migrationHolderSchema = strictObject({
  token: z.string().min(1).describe("Different for each run; every write of the run is conditional on it."),
  name: z.string().min(1).describe("For people: who, where."),
  process: strictObject({ machine: z.string().min(1), pid: z.int().positive() })
    .optional()
    .describe("Says for another process of the same machine whether this one is gone."),
  since: time,
  expiresAt: time,
});

/** What a table remembers of a migration: how far it is, or that it is done. It lies in the table itself, as `migration#ID`. */
export const migrationRecordSchema = strictObject({
  version: z.literal(1, { error: "is not 1: it was written by a newer Slipway" }),
  id: migrationIdSchema,
  phase: migrationPhaseSchema,
  description: z.string(),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("SHA-256 of the file that was run, in hexadecimal."),
  state: z.enum(["running", "done"]),
  revision: z
    .int()
    .positive()
    .describe("One more with each write: a write is refused unless it goes on from the record that it knows."),
  writer: z.string().min(1).describe("Token of the run that wrote it."),
  startedAt: time,
  updatedAt: time,
  finishedAt: time.optional(),
  finishedBy: z.string().optional().describe("Who finished it."),
  pass: z
    .int()
    .positive()
    .describe("1 is the backfill; those after it look at everything again, until one finds nothing."),
  segments: z
    .array(segmentProgressSchema)
    .min(1)
    .describe("Of this pass; its length is the number of segments, which stays for a whole pass."),
  earlier: migrationCountsSchema.describe("Of the passes before this one."),
  holder: migrationHolderSchema.optional(),
});

export type MigrationCounts = z.output<typeof migrationCountsSchema>;
export type SegmentProgress = z.output<typeof segmentProgressSchema>;
export type MigrationHolder = z.output<typeof migrationHolderSchema>;
export type MigrationRecord = z.output<typeof migrationRecordSchema>;
