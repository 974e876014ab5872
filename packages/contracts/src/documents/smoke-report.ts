import * as z from "zod";
import { smokeResultSchema } from "../smoke-result.ts";
import { strictObject } from "../strict-object.ts";
import { documentVersion } from "./document-parts.ts";

/** What `slipway smoke ENV --output json` prints: of the API at a URL, or of one version of a function. */
export const smokeReportSchema = strictObject({
  version: documentVersion,
  environment: z.string().describe("as in slipway.config.ts"),
  url: z.url().optional().describe("where the API was asked"),
  functionName: z.string().optional().describe("whose version was asked, past API and alias"),
  functionVersion: z.string().optional().describe("that version; absent where the API was asked"),
  ...smokeResultSchema.shape,
});
