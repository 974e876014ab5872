import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { count, documentPlace } from "./document-parts.ts";

/** What `slipway empty-buckets ENV --output json` prints. */
export const bucketContentsSchema = strictObject({
  ...documentPlace,
  removed: z.boolean().describe("whether it was confirmed, and all of it is gone"),
  buckets: z
    .array(
      strictObject({
        bucket: z.string().describe("its name"),
        exists: z.boolean().describe("whether there is such a bucket"),
        versions: count
          .optional()
          .describe("versions of objects that were in it; absent where there is no such bucket"),
        deleteMarkers: count.optional().describe("delete markers that were in it; absent likewise"),
        bytes: z.number().nonnegative().optional().describe("bytes of all those versions; absent likewise"),
      }),
    )
    .describe("those of the environment's Terraform state"),
  next: z.string().optional().describe("what to type to remove it all; absent where it is removed, or they are empty"),
});
