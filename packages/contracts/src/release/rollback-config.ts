import * as z from "zod";
import { strictObject } from "../strict-object.ts";

export const rollbackConfigSchema = strictObject({
  verifiedBackupHours: z
    .number()
    .positive()
    .max(720)
    .default(24)
    .describe(
      "How old a table's backup may be, in hours, that a rollback of the infrastructure counts on when it destroys the table: since it was made, and since it was restored and compared (`slipway backup verify`).",
    ),
});
