import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace } from "./document-parts.ts";

/** What `slipway empty-buckets ENV --output json` prints. */
export const bucketContentsSchema = strictObject({
  ...documentPlace,
  removed: z.boolean().describe("whether it was confirmed, and all of it is gone"),
  buckets: z.array(
    strictObject({
      bucket: z.string(),
      exists: z.boolean(),
      versions: count.optional().describe("of objects"),
      deleteMarkers: count.optional(),
      bytes: z.number().nonnegative().optional(),
    }),
  ),
  next: z.string().optional().describe("what to type to remove it all"),
});
