import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { documentPlace } from "./document-parts.ts";

/** What `slipway insights ENV --output json` prints: the queries that are saved for an environment. */
export const savedQueriesSchema = strictObject({
  ...documentPlace,
  queries: z
    .array(
      strictObject({
        word: z.string().describe("what to type for it"),
        name: z.string().describe("what it is saved as"),
        query: z.string().describe("in the language of Logs Insights"),
        groups: z.array(z.string()).describe("log groups that it was saved with"),
      }),
    )
    .describe("those that are saved, in the order of their words"),
});
