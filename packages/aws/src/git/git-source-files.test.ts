import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@slipway/testing";
import { expect, test } from "vitest";
import { GitSourceFiles } from "./git-source-files.ts";
import { ScratchRepository } from "./test/scratch-repository.ts";

test("files are those that git has or would take, as they are now", async () => {
  using folder = temporaryFolder();
  const scratch = new ScratchRepository(folder.path);
  scratch.write(".gitignore", "dist/\n");
  scratch.write("kept.ts", "1");
  scratch.write("deleted.ts", "1");
  scratch.commit("Begin");
  scratch.write("dist/built.js", "1");
  scratch.write("new file.ts", "1");
  rmSync(join(scratch.path, "deleted.ts"));
  symlinkSync("kept.ts", join(scratch.path, "link.ts"));

  const files = await new GitSourceFiles(scratch.path, scratch.env).list();

  expect([...files].sort()).toEqual([".gitignore", "kept.ts", "new file.ts"]);
});

test("paths are relative to the folder with the configuration", async () => {
  using folder = temporaryFolder();
  const scratch = new ScratchRepository(folder.path);
  scratch.write("service/a.ts", "before");
  scratch.write("other/b.ts", "1");
  const commit = scratch.commit("Begin");
  scratch.write("service/a.ts", "after");
  const files = new GitSourceFiles(join(scratch.path, "service"), scratch.env);

  expect(await files.list()).toEqual(["a.ts"]);
  expect(await files.read("a.ts")).toBe("after");
  expect(await files.readAt(commit, "a.ts")).toBe("before");
  expect(await files.modifiedAt("a.ts")).toBeGreaterThan(0);
});

test("what is not there is undefined", async () => {
  using folder = temporaryFolder();
  const scratch = new ScratchRepository(folder.path);
  scratch.write("folder/a.ts", "1");
  const commit = scratch.commit("Begin");
  const files = new GitSourceFiles(scratch.path, scratch.env);

  expect(await files.read("b.ts")).toBeUndefined();
  expect(await files.read("folder")).toBeUndefined();
  expect(await files.read("folder/a.ts/b.ts")).toBeUndefined();
  expect(await files.readAt(commit, "b.ts")).toBeUndefined();
  expect(await files.readAt("0".repeat(40), "folder/a.ts")).toBeUndefined();
  expect(await files.modifiedAt("b.ts")).toBeUndefined();
});

test("outside of a repository they are all below the folder, installed packages left out", async () => {
  using folder = temporaryFolder();
  const scratch = new ScratchRepository(folder.path);
  scratch.write("src/a.ts", "1");
  scratch.write("node_modules/x/index.js", "1");
  rmSync(join(scratch.path, ".git"), { recursive: true });

  expect(await new GitSourceFiles(scratch.path, { PATH: process.env.PATH }).list()).toEqual(["src/a.ts"]);
});
