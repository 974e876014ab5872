import * as z from "zod";
import { migrationCountsSchema } from "../data/migration-record.ts";
import { jsonSchema } from "../json.ts";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace, isoTime } from "./document-parts.ts";

const migrationSchema = strictObject({
  id: z.string().describe("number and name, as its file is called: `0001-kind-of-record`"),
  phase: z
    .enum(["expand", "contract"])
    .describe(
      "`expand`: it adds what the next version needs; `contract`: it takes away what no live version needs any more",
    ),
  description: z.string().describe("what it does to which records, by its file"),
  verdict: z
    .enum(["done", "due", "resume", "restart", "again", "waiting", "refused"])
    .describe(
      "what is to be done about it, or was, where this run has done it: `resume`: it goes on; `restart`: its file was changed before it was done; `again`: it is done and was asked for again; `waiting`: a contraction whose time has not come; `refused`: something is wrong, and nothing runs",
    ),
  why: z.string().optional().describe("why that is the verdict; absent where it is a matter of course"),
  begun: z.boolean().describe("whether the table remembers that it was begun"),
  outcome: z
    .enum(["done", "left", "problems"])
    .optional()
    .describe(
      "what this run of it came to: `left`: records in the old shape kept coming; `problems`: its `verify` complains about records; absent where it was not run",
    ),
  counts: migrationCountsSchema
    .optional()
    .describe(
      "all that was counted since it was begun; of a dry run, what was looked at; absent where it was neither begun nor looked at",
    ),
  wouldChange: count.optional().describe("how many records it would change; only of a dry run, and where it would run"),
  left: z
    .array(
      strictObject({
        key: z.record(z.string(), jsonSchema).describe("values of the record's key, by their attributes"),
        why: z.string().describe("what was wrong with it"),
      }),
    )
    .optional()
    .describe(
      "a few of the records that the last pass of this run found not to be as they have to be; absent where it was not run",
    ),
  startedAt: isoTime.optional().describe("when it was begun; absent where it was not"),
  finishedAt: isoTime.optional().describe("when it was done; absent where it is not"),
  holder: strictObject({
    name: z.string().describe("who it is, and where, for people"),
    since: isoTime.describe("since when"),
    expiresAt: isoTime.describe("until when nobody else may run it, unless that is prolonged"),
  })
    .optional()
    .describe("who else runs it now; absent where nobody does"),
});

/** What `slipway migrate ENV --output json` prints. */
export const migrationReportSchema = strictObject({
  ...documentPlace,
  mode: z
    .enum(["run", "status", "dry-run"])
    .describe(
      "`status`: only what the tables remember was read; `dry-run`: records were looked at, and none was written",
    ),
  done: z
    .boolean()
    .describe(
      "whether everything is as it should be: done, or a contraction that waits for its time; of a dry run, that nothing is refused",
    ),
  tables: z
    .array(
      strictObject({
        name: z.string().describe("in slipway.config.ts"),
        tableName: z.string().describe("as AWS calls it"),
        migrations: z.array(migrationSchema).describe("in the order of their ids"),
      }),
    )
    .describe("the environment's tables, as slipway.config.ts has them"),
});
