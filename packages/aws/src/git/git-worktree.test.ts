import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addWorktree, removeWorktree } from "./git-worktree.ts";
import { ScratchRepository } from "./test/scratch-repository.ts";

let folder: string;
let repository: ScratchRepository;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "worktree-test-"));
  repository = new ScratchRepository(mkdtempSync(join(folder, "repository-")));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a commit is checked out beside what is there, no hook runs, and nothing is left of it", async () => {
  repository.write("shop/release.txt", "one");
  const commit = repository.commit("One");
  repository.write("shop/release.txt", "two");
  repository.commit("Two");
  const hook = join(repository.path, ".git/hooks/post-checkout");
  writeFileSync(hook, `#!/bin/sh\ntouch ${join(folder, "hook-ran")}\n`, { mode: 0o755 });
  const place = { directory: join(repository.path, "shop"), env: repository.env };
  const worktree = join(folder, "worktree");

  const root = await addWorktree(place, commit, worktree);

  expect(readFileSync(join(root, "release.txt"), "utf8")).toBe("one");
  expect(readFileSync(join(repository.path, "shop/release.txt"), "utf8")).toBe("two");
  expect(existsSync(join(folder, "hook-ran"))).toBe(false);
  writeFileSync(join(root, "built.txt"), "what a build leaves");
  await removeWorktree(place, worktree);
  expect(existsSync(worktree)).toBe(false);
  expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
});

test("what a killed process has left is taken away, also where only git remembers it", async () => {
  const commit = repository.commit("One");
  const place = { directory: repository.path, env: repository.env };
  const worktree = join(folder, "worktree");
  await addWorktree(place, commit, worktree);
  rmSync(worktree, { recursive: true });

  await removeWorktree(place, worktree);
  await removeWorktree(place, worktree);

  expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
});

test("a commit that is not there is said so", async () => {
  repository.commit("One");
  const asked = addWorktree({ directory: repository.path, env: repository.env }, "f".repeat(40), join(folder, "none"));

  await expect(asked).rejects.toMatchObject({ kind: "not-found" });
});
