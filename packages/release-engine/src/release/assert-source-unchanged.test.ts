import type { ReleasePlan, SourceRevision } from "@slipway/contracts";
import { expect, it } from "vitest";
import { assertSourceUnchanged } from "./assert-source-unchanged.ts";

const CLEAN: SourceRevision = { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false };

function look(begun: SourceRevision, now: SourceRevision, files: string[] = ["main.tf"]) {
  const plan = { environment: "prod", release: "r2", source: begun } as ReleasePlan;
  const source = { revision: async () => now, changedFiles: async () => files };
  const context = { plan, signal: new AbortController().signal };
  return assertSourceUnchanged(source, context, "the plan is applied", " --local");
}

it.each([
  ["a commit", CLEAN],
  ["a commit with changes", { ...CLEAN, dirty: true }],
  ["files that are in no repository", { commit: null, tree: null, dirty: false }],
])("lets %s pass that is as it was", async (_, revision) => {
  await look(revision, { ...revision });
});

it("refuses another commit, also one with the same files", async () => {
  await expect(look(CLEAN, { ...CLEAN, commit: "c".repeat(40) })).rejects.toMatchObject({
    kind: "conflict",
    what: "Stopped before the plan is applied: the files are not those any more that r2 was begun with",
    why: expect.stringContaining("begun with commit aaaaaaaaaaaa, and commit cccccccccccc is checked out now"),
    next: `git checkout ${CLEAN.commit}, then slipway resume prod --local; or slipway rollback prod --local, and release anew`,
  });
});

it("refuses files that have changed since, and names them", async () => {
  const now = { ...CLEAN, tree: "d".repeat(40), dirty: true };
  await expect(look(CLEAN, now, ["1", "2", "3", "4", "5", "6", "7"])).rejects.toMatchObject({
    why: "commit aaaaaaaaaaaa is still checked out, and files differ from it now: 1, 2, 3, 4, 5 and 2 more. What was checked is not what would go out",
    next: expect.stringContaining("git stash --include-untracked"),
  });
});

it("refuses what is not committed once it has changed again", async () => {
  const dirty = { ...CLEAN, dirty: true };
  for (const now of [
    { ...dirty, tree: "d".repeat(40) },
    { ...CLEAN, tree: "e".repeat(40) },
  ]) {
    await expect(look(dirty, now)).rejects.toMatchObject({
      why: expect.stringContaining("files have changed since; these differ from the commit now: main.tf"),
      next: expect.stringMatching(/^take the changes back that were made since/),
    });
  }
});
