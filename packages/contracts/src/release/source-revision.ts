import * as z from "zod";
import { strictObject } from "../strict-object.ts";

const gitHash = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, { error: "expected a hash of git" });

/** What is released: what an approval, an evidence and a release are bound to. */
export const sourceRevisionSchema = strictObject({
  commit: gitHash
    .nullable()
    .describe("The commit that is checked out; null outside of a git repository, which only a rehearsal releases."),
  tree: gitHash
    .nullable()
    .describe(
      "git's hash of all files as they are now, those that are not committed included and those that git ignores left out.",
    ),
  dirty: z.boolean().describe("Whether the files differ from the commit."),
});

/** Who did something. */
export const actorSchema = strictObject({
  name: z.string().min(1).describe("As people know them: `Jane Doe <jane@example.com>`."),
  principal: z.string().min(1).optional().describe("ARN of the identity that AWS saw; absent where AWS was not asked."),
});

export type SourceRevision = z.output<typeof sourceRevisionSchema>;
export type Actor = z.output<typeof actorSchema>;
