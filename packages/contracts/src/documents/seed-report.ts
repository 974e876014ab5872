import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace } from "./document-parts.ts";

/** What `slipway seed ENV --output json` prints. */
export const seedReportSchema = strictObject({
  ...documentPlace,
  tables: z
    .array(
      strictObject({
        name: z.string().describe("in slipway.config.ts"),
        tableName: z.string().describe("as AWS calls it"),
        put: count.describe("records that were missing, and are there now"),
        there: count.describe("records that were there already"),
        writeUnits: z.number().nonnegative().describe("capacity that was taken"),
      }),
    )
    .describe("the environment's tables that have seed records"),
});
