import * as z from "zod";
import { evidenceSchema } from "../evidence.ts";
import { sha256HexSchema } from "../release/release-ids.ts";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace, isoTime } from "./document-parts.ts";

const tableBackup = {
  arn: z.string(),
  name: z.string(),
  table: z.string(),
  createdAt: isoTime,
  bytes: z.number().nonnegative(),
  kind: z
    .enum(["on-demand", "aws-backup", "system"])
    .describe("system: what DynamoDB keeps of a table that was deleted"),
  isUsable: z.boolean().describe("whether it can be restored from"),
};

const verdict = z.enum(["pass", "fail", "unknown"]);

/** What `slipway backup ENV create --output json` prints. */
export const backupCreationSchema = strictObject({
  ...documentPlace,
  action: z.literal("create"),
  backups: z.array(
    strictObject({
      arn: z.string(),
      table: z.string(),
      name: z.string(),
      items: count.nullable().describe("DynamoDB's own count, up to six hours old"),
      bytes: count,
    }),
  ),
});

const recordSchema = strictObject({
  createdBy: z.string().optional(),
  items: count.optional(),
  verified: strictObject({
    verdict,
    items: count.nullable(),
    digest: sha256HexSchema.nullable(),
    at: isoTime,
    by: z.string(),
  })
    .optional()
    .describe("the last time that it was verified to the end"),
  passedAt: isoTime.optional(),
  failedAt: isoTime.optional(),
  digest: sha256HexSchema.optional(),
});

/** What `slipway backup ENV list --output json` prints. */
export const backupListSchema = strictObject({
  ...documentPlace,
  action: z.literal("list"),
  tables: z.array(
    strictObject({
      table: z.string(),
      pointInTime: strictObject({
        since: isoTime.nullable(),
        until: isoTime.nullable(),
        days: z.number().nonnegative().nullable(),
      })
        .nullable()
        .describe("to which seconds it can be restored; null where point-in-time recovery is off"),
      backups: z
        .array(
          strictObject({
            ...tableBackup,
            isOwn: z.boolean().describe("whether Slipway made it, by its name"),
            isScheduled: z.boolean().describe("whether a schedule made it, by its name"),
            record: recordSchema.optional().describe("what the ledger knows of it"),
          }),
        )
        .describe("newest first"),
    }),
  ),
  leftBehind: z.array(z.string()).describe("tables that a verification has not deleted"),
  note: z.string().nullable().describe("why the ledger could not be asked"),
});

/** What `slipway backup ENV verify --output json` prints. */
export const backupVerificationSchema = strictObject({
  ...documentPlace,
  action: z.literal("verify"),
  verifications: z.array(
    strictObject({
      arn: z.string(),
      table: z.string(),
      temporaryTable: z.string().describe("that it was restored to, and that is deleted again"),
      verdict,
      items: count.nullable(),
      digest: sha256HexSchema.nullable().describe("of all items of the restored table, in whatever order"),
      evidence: z.array(evidenceSchema),
    }),
  ),
});

/** What `slipway backup ENV prune --output json` prints. */
export const backupPruningSchema = strictObject({
  ...documentPlace,
  action: z.literal("prune"),
  outcome: z.enum(["planned", "pruned", "nothing-to-do", "refused", "interrupted"]),
  decisions: z.array(strictObject({ backup: strictObject(tableBackup), isKept: z.boolean(), because: z.string() })),
  gone: z.array(z.string()).describe("ARNs of what is gone now"),
});
