import * as z from "zod";
import { migrationCountsSchema } from "../data/migration-record.ts";
import { jsonSchema } from "../json.ts";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace, isoTime } from "./document-parts.ts";

const migrationSchema = strictObject({
  id: z.string(),
  phase: z.enum(["expand", "contract"]),
  description: z.string(),
  verdict: z
    .enum(["done", "due", "resume", "restart", "again", "waiting", "refused"])
    .describe("what is to be done about it"),
  why: z.string().optional().describe("where the verdict needs a reason"),
  begun: z.boolean().describe("whether the table remembers that it was begun"),
  outcome: z.enum(["done", "left", "problems"]).optional().describe("of a run"),
  counts: migrationCountsSchema
    .optional()
    .describe("all that was counted since it was begun; of a dry run, what was looked at"),
  wouldChange: count.optional().describe("of a dry run"),
  left: z
    .array(strictObject({ key: z.record(z.string(), jsonSchema), why: z.string() }))
    .optional()
    .describe("examples of records that could not be migrated"),
  startedAt: isoTime.optional(),
  finishedAt: isoTime.optional(),
  holder: strictObject({ name: z.string(), since: isoTime, expiresAt: isoTime }).optional().describe("who runs it now"),
});

/** What `slipway migrate ENV --output json` prints. */
export const migrationReportSchema = strictObject({
  ...documentPlace,
  mode: z.enum(["run", "status", "dry-run"]),
  done: z.boolean().describe("whether everything is as it should be"),
  tables: z.array(
    strictObject({
      name: z.string().describe("in slipway.config.ts"),
      tableName: z.string().describe("as AWS calls it"),
      migrations: z.array(migrationSchema).describe("in the order of their ids"),
    }),
  ),
});
