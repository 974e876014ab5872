import * as z from "zod";
import { strictObject } from "../strict-object.ts";

/** A commit that a release brought, as a person reads it in a list. */
export const listedCommitSchema = strictObject({
  commit: z.string().describe("Hash of the commit."),
  subject: z.string().describe("First line of its message."),
  author: z.string().describe("Who wrote it."),
});
