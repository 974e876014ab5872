import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openCommitWorktree, removeCommitWorktree } from "./commit-worktree.ts";
import { ScratchRepository } from "./test/scratch-repository.ts";
import { worktreesUnder } from "./worktrees-under.ts";

test("worktrees are found where git remembers them, also those that are gone, and no others", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "worktrees-test-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const scratch = new ScratchRepository(mkdtempSync(join(folder, "repository-")));
  const commit = scratch.commit("One");
  const place = { repository: scratch.path, env: scratch.env };
  for (const name of ["drill/a", "drill/b", "drill-of-another"]) {
    await openCommitWorktree({ ...place, folder: join(folder, name) }, commit);
  }
  rmSync(join(folder, "drill/b"), { recursive: true });

  const found = await worktreesUnder(place, join(folder, "drill"));
  expect(found).toEqual([join(folder, "drill/a"), join(folder, "drill/b")]);
  for (const each of found) {
    await removeCommitWorktree({ ...place, folder: each });
  }
  expect(await worktreesUnder(place, join(folder, "drill"))).toEqual([]);
  expect(await worktreesUnder(place, folder)).toHaveLength(2);
  expect(await worktreesUnder({ ...place, repository: tmpdir() }, folder)).toEqual([]);
});
