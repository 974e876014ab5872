import * as z from "zod";
import { evidenceSchema } from "../evidence.ts";
import { sha256HexSchema } from "../release/release-ids.ts";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace, isoTime } from "./document-parts.ts";

const tableBackup = {
  arn: z.string().describe("its ARN"),
  name: z.string().describe("its name"),
  table: z.string().describe("the table that it is of, as AWS calls it"),
  createdAt: isoTime.describe("when it was made"),
  bytes: z.number().nonnegative().describe("its size in bytes, as DynamoDB says it; 0 where it does not say"),
  kind: z
    .enum(["on-demand", "aws-backup", "system"])
    .describe("system: what DynamoDB keeps of a table that was deleted"),
  isUsable: z.boolean().describe("whether it can be restored from"),
};

const verdict = z
  .enum(["pass", "fail", "unknown"])
  .describe("whether it can be relied on; `unknown`: nothing is wrong that was seen, but not everything could be");
const items = count.nullable().describe("how many items it has restored; null where they were not read to the end");
const digest = sha256HexSchema
  .nullable()
  .describe("SHA-256 of all items of the restored table, in whatever order; null where they were not read to the end");

/** What `slipway backup ENV create --output json` prints. */
export const backupCreationSchema = strictObject({
  ...documentPlace,
  action: z.literal("create"),
  backups: z
    .array(
      strictObject({
        arn: tableBackup.arn,
        table: tableBackup.table,
        name: tableBackup.name,
        items: count
          .nullable()
          .describe("how many items it has, by DynamoDB's own count, up to six hours old; null where it does not say"),
        bytes: count.describe("its size in bytes, as DynamoDB says it; 0 where it does not say"),
      }),
    )
    .describe("one for each table, in the order in which they were made"),
});

const recordSchema = strictObject({
  createdBy: z.string().optional().describe("who made it; absent where the ledger does not say"),
  items: count
    .optional()
    .describe("how many items it had by DynamoDB's count when it was made; absent where that is not known"),
  verified: strictObject({
    verdict,
    items,
    digest,
    at: isoTime.describe("when that was written down"),
    by: z.string().describe("who verified it"),
  })
    .optional()
    .describe("what its last verification came to; absent where none has come to an end"),
  passedAt: isoTime
    .optional()
    .describe("when it last passed a verification; absent where it never did, or failed since"),
  failedAt: isoTime.optional().describe("when it last failed one; absent where it never did, or passed since"),
  digest: sha256HexSchema
    .optional()
    .describe("SHA-256 of all items, by the last verification that read them to the end; absent where none has"),
});

/** What `slipway backup ENV list --output json` prints. */
export const backupListSchema = strictObject({
  ...documentPlace,
  action: z.literal("list"),
  tables: z
    .array(
      strictObject({
        table: z.string().describe("as AWS calls it"),
        pointInTime: strictObject({
          since: isoTime.nullable().describe("the earliest second; null where DynamoDB does not say"),
          until: isoTime.nullable().describe("the latest second; null where DynamoDB does not say"),
          days: z
            .number()
            .nonnegative()
            .nullable()
            .describe("for how many days seconds are kept; null where DynamoDB does not say"),
        })
          .nullable()
          .describe(
            "to which seconds it can be restored; null where point-in-time recovery is off, or the table is gone",
          ),
        backups: z
          .array(
            strictObject({
              ...tableBackup,
              isOwn: z.boolean().describe("whether Slipway made it, by its name"),
              isScheduled: z.boolean().describe("whether a schedule made it, by its name"),
              record: recordSchema.optional().describe("what the ledger knows of it; absent where that is nothing"),
            }),
          )
          .describe("newest first"),
      }),
    )
    .describe("those of the Terraform state, or those that were named"),
  leftBehind: z
    .array(z.string())
    .describe("tables of verifications that have not ended, as AWS calls them: left behind, unless one still runs"),
  note: z
    .string()
    .nullable()
    .describe("why the ledger could not be asked, so that what it knows is not here; null where it could"),
});

/** What `slipway backup ENV verify --output json` prints. */
export const backupVerificationSchema = strictObject({
  ...documentPlace,
  action: z.literal("verify"),
  verifications: z
    .array(
      strictObject({
        arn: tableBackup.arn,
        table: tableBackup.table,
        temporaryTable: z.string().describe("the table that it was restored to, and that is deleted again"),
        verdict,
        items,
        digest,
        evidence: z.array(evidenceSchema).describe("what each check saw"),
      }),
    )
    .describe("one for each backup, in the order in which they were verified"),
});

/** What `slipway backup ENV prune --output json` prints. */
export const backupPruningSchema = strictObject({
  ...documentPlace,
  action: z.literal("prune"),
  outcome: z
    .enum(["planned", "pruned", "nothing-to-do", "refused", "interrupted"])
    .describe(
      "`planned`: only shown; `nothing-to-do`: all are kept; `refused`: it was not confirmed; `interrupted`: it was broken off at the question",
    ),
  decisions: z
    .array(
      strictObject({
        backup: strictObject(tableBackup).describe("which backup"),
        isKept: z.boolean().describe("whether it is kept; otherwise it was, or would be, deleted"),
        because: z.string().describe("why"),
      }),
    )
    .describe("one for each backup of the tables, table by table, the newest first"),
  gone: z.array(z.string()).describe("ARNs of what is gone now; empty unless it was pruned"),
});
