import * as z from "zod";
import { strictObject } from "../strict-object.ts";

const names = z.array(z.string().min(1)).min(1, { error: "expected at least one attribute" });

/**
 * Which records a migration is about, told by top-level attributes; all that is said must hold. It is data and not a function, so that
 * DynamoDB can do the leaving out: what does not match is read (and paid) there, but never sent.
 */
export const recordFilterSchema = strictObject({
  present: names.optional().describe("Attributes that are there, whatever their value."),
  missing: names.optional().describe("Attributes that are not there."),
  equals: z
    .record(z.string().min(1), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .describe("Attributes with this very value."),
}).refine((filter) => Object.values(filter).some((part) => part !== undefined), {
  error: "expected present, missing or equals; leave select out to look at every record",
});

export type RecordFilter = z.output<typeof recordFilterSchema>;
