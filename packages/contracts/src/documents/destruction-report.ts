import * as z from "zod";
import { evidenceSchema } from "../evidence.ts";
import { changeCountsSchema } from "../rehearsal-report.ts";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace } from "./document-parts.ts";

/** What `slipway destroy ENV --output json` prints. */
export const destructionReportSchema = strictObject({
  ...documentPlace,
  evidence: z.array(evidenceSchema).describe("what was demanded before anything was destroyed"),
  stateFound: z.boolean().describe("whether there is a Terraform state at all"),
  allowed: z.boolean().describe("whether nothing stands in the way"),
  resources: z.record(z.string(), count).describe("what would be, or was, destroyed: resources by type"),
  backups: z
    .array(
      strictObject({
        table: z.string().describe("the table, as AWS calls it"),
        arn: z.string().describe("the backup's ARN"),
      }),
    )
    .describe("that were made before"),
  destroyed: changeCountsSchema.optional().describe("absent where nothing was destroyed"),
  left: z.array(z.string()).describe("addresses that are still in the state after a destruction"),
  next: z.string().optional().describe("the whole command that would not be refused, where one is known"),
});
