import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ReleaseError } from "@slipway/release-engine";
import { temporaryFolder } from "@slipway/testing";
import { describe, expect, test } from "vitest";
import { GitSourceRepository } from "./git-source-repository.ts";
import { ScratchRepository } from "./test/scratch-repository.ts";

describe("what is there now", () => {
  test("a clean checkout has its commit's tree", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    scratch.write("a.txt", "a");
    const commit = scratch.commit("Begin");

    const revision = await new GitSourceRepository(scratch.path, scratch.env).revision();

    expect(revision).toEqual({ commit, tree: scratch.git("rev-parse", "HEAD^{tree}"), dirty: false });
  });

  test("changed, new and deleted files are in the tree, staged or not, and ignored ones are not", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    scratch.write("changed.txt", "before");
    scratch.write("deleted.txt", "x");
    scratch.write(".gitignore", "ignored.txt\n");
    const commit = scratch.commit("Begin");
    const repository = new GitSourceRepository(scratch.path, scratch.env);
    const clean = await repository.revision();
    scratch.write("ignored.txt", "x");
    expect(await repository.revision()).toEqual(clean);

    scratch.write("changed.txt", "after ");
    const changed = await repository.revision();
    scratch.write("folder/new.txt", "new");
    const withNew = await repository.revision();
    scratch.git("add", "folder/new.txt");
    const staged = await repository.revision();
    scratch.git("rm", "--quiet", "deleted.txt");
    const deleted = await repository.revision();

    expect(changed).toMatchObject({ commit, dirty: true });
    expect(new Set([clean.tree, changed.tree, withNew.tree, deleted.tree]).size).toBe(4);
    expect(staged).toEqual(withNew);
    // It is the tree that a commit of all of it would have.
    scratch.commit("Go on");
    expect(scratch.git("rev-parse", "HEAD^{tree}")).toBe(deleted.tree);
  });

  test("neither what is staged nor git's objects are touched by the look", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    scratch.write("a.txt", "a");
    scratch.commit("Begin");
    scratch.write("a.txt", "changed");
    scratch.write("b.txt", "new");
    const before = { index: readFileSync(join(scratch.path, ".git/index")), objects: scratch.git("count-objects") };

    await new GitSourceRepository(scratch.path, scratch.env).revision();

    expect(readFileSync(join(scratch.path, ".git/index"))).toEqual(before.index);
    expect(scratch.git("count-objects")).toBe(before.objects);
    expect(existsSync(join(scratch.path, ".git/index.lock"))).toBe(false);
  });

  test("what Slipway itself writes is not released, also where nobody has told git to ignore it", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    scratch.write("service/a.ts", "1");
    scratch.commit("Begin");
    const repository = new GitSourceRepository(join(scratch.path, "service"), scratch.env);
    const before = await repository.revision();

    scratch.write("service/.slipway/evidence/checklist.tests.json", "[]");

    expect(await repository.revision()).toEqual(before);
    expect(await repository.changedFiles(before.commit ?? "")).toEqual([]);
  });

  test("the repository of the folder counts, and not the one of a hook that calls", async () => {
    using folder = temporaryFolder();
    using other = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    const commit = scratch.commit("Begin");
    const calling = new ScratchRepository(other.path);
    calling.commit("Something else");
    const env = { ...scratch.env, GIT_DIR: join(calling.path, ".git"), GIT_WORK_TREE: calling.path };

    expect((await new GitSourceRepository(scratch.path, env).revision()).commit).toBe(commit);
  });

  test("a folder outside of any repository has none of it", async () => {
    using folder = temporaryFolder();
    const env = { PATH: process.env.PATH };

    const repository = new GitSourceRepository(folder.path, env);

    expect(await repository.revision()).toEqual({ commit: null, tree: null, dirty: false });
    expect(await repository.changedFiles(undefined)).toEqual([]);
    expect(await repository.commits(undefined)).toEqual([]);
  });

  test("a repository that nothing was committed to has a tree and no commit", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    scratch.write("a.txt", "a");

    const revision = await new GitSourceRepository(scratch.path, scratch.env).revision();

    expect(revision).toMatchObject({ commit: null, tree: expect.stringMatching(/^[0-9a-f]{40}$/), dirty: true });
  });

  test("without git a repository cannot be looked at, and a folder that is none can", async () => {
    using folder = temporaryFolder();
    using empty = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    const env = { ...scratch.env, PATH: empty.path };

    await expect(new GitSourceRepository(scratch.path, env).revision()).rejects.toThrow("install git");
    expect((await new GitSourceRepository(empty.path, env).revision()).commit).toBeNull();
  });

  test("a broken repository is an error, not one that is missing", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    scratch.commit("Begin");
    writeFileSync(join(scratch.path, ".git/config"), "[core\n");

    await expect(new GitSourceRepository(scratch.path, scratch.env).revision()).rejects.toThrow(ReleaseError);
  });

  test("asked to stop, it says so", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);

    const asked = new GitSourceRepository(scratch.path, scratch.env).revision(AbortSignal.abort());

    await expect(asked).rejects.toMatchObject({ kind: "interrupted" });
  });
});

describe("the commits that a release brings", () => {
  test("are those after the one that runs, newest first, with their trailers", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    const running = scratch.commit("Begin");
    const first = scratch.commit(
      "Add a thing\n\nIt was missing.\n\nReviewed-by: Rita <rita@example.com>\nREVIEWED-BY: Rob\n",
    );
    const second = scratch.commit("Add another: it, too, was missing");

    const commits = await new GitSourceRepository(scratch.path, scratch.env).commits(running);

    const people = { author: "Ada Author <ada@example.com>", committer: "Carl Committer <carl@example.com>" };
    expect(commits).toEqual([
      { hash: second, ...people, subject: "Add another: it, too, was missing", trailers: {}, signature: "N" },
      {
        ...{ hash: first, ...people, subject: "Add a thing", signature: "N" },
        trailers: { "reviewed-by": ["Rita <rita@example.com>", "Rob"] },
      },
    ]);
  });

  test("of a first release are all, and none where nothing is new", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    scratch.commit("Begin");
    const newest = scratch.commit("Go on");
    const repository = new GitSourceRepository(scratch.path, scratch.env);

    expect(await repository.commits(undefined)).toHaveLength(2);
    expect(await repository.commits(newest)).toEqual([]);
  });

  test("cannot be told where the one that runs is unknown, or on another branch", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    scratch.commit("Begin");
    scratch.git("checkout", "--quiet", "-b", "other");
    const elsewhere = scratch.commit("Elsewhere");
    scratch.git("checkout", "--quiet", "main");
    const repository = new GitSourceRepository(scratch.path, scratch.env);

    await expect(repository.commits("0".repeat(40))).rejects.toMatchObject({ kind: "not-found" });
    await expect(repository.commits(elsewhere)).rejects.toThrow("not in the history");
  });

  test("have contributors: all of them, whatever a .mailmap makes of them", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    const running = scratch.commit("Begin", "--author=Rita <rita@example.com>");
    // More than a screenful, and the first of them by somebody else.
    scratch.commit("The first", "--author=Eve <eve@example.com>");
    for (let index = 0; index < 110; index += 1) {
      scratch.git("commit", "--quiet", "--allow-empty", "--message", `Go on ${index}`);
    }
    scratch.write(".mailmap", "Somebody Else <else@example.com> <ada@example.com>\n");
    scratch.commit("With others\n\nCo-authored-by: Kim <kim@example.com>\nCO-AUTHORED-BY: Lee <lee@example.com>");
    const repository = new GitSourceRepository(scratch.path, scratch.env);

    const since = await repository.contributors(running);

    expect([...since].sort()).toEqual([
      ...["Ada Author <ada@example.com>", "Carl Committer <carl@example.com>", "Eve <eve@example.com>"],
      ...["Kim <kim@example.com>", "Lee <lee@example.com>", "Somebody Else <else@example.com>"],
    ]);
    // Of a first release: those of the newest commit.
    expect([...(await repository.contributors(undefined))].sort()).toEqual([
      ...["Ada Author <ada@example.com>", "Carl Committer <carl@example.com>"],
      ...["Kim <kim@example.com>", "Lee <lee@example.com>"],
      "Somebody Else <else@example.com>",
    ]);
    expect(await repository.contributors(null)).toEqual(expect.arrayContaining([...since, "Rita <rita@example.com>"]));
    expect(await repository.contributors(scratch.git("rev-parse", "HEAD"))).toEqual([]);
  });

  test("have those as contributors, too, whose commits are left out", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    scratch.commit("Begin");
    scratch.git("checkout", "--quiet", "-b", "other");
    const elsewhere = scratch.commit("Elsewhere", "--author=Eve <eve@example.com>");
    scratch.git("checkout", "--quiet", "main");

    expect(await new GitSourceRepository(scratch.path, scratch.env).contributors(elsewhere)).toContain(
      "Eve <eve@example.com>",
    );
  });

  test("have contributors that nobody knows where there is no commit, or the clone ends among them", async () => {
    using folder = temporaryFolder();
    using shallow = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    const repository = new GitSourceRepository(scratch.path, scratch.env);
    await expect(repository.contributors(undefined)).rejects.toMatchObject({ kind: "not-found" });
    scratch.commit("Begin");
    scratch.git("checkout", "--quiet", "-b", "side");
    scratch.commit("Unseen", "--author=Eve <eve@example.com>");
    scratch.commit("Seen", "--author=Kim <kim@example.com>");
    scratch.git("checkout", "--quiet", "main");
    const running = scratch.commit("Go on");
    await expect(repository.contributors("0".repeat(40))).rejects.toMatchObject({ kind: "not-found" });
    scratch.git("merge", "--quiet", "--no-edit", "side");
    // The commit that runs is in it; what was merged begins before it.
    execFileSync("git", ["clone", "--quiet", "--depth=2", `file://${scratch.path}`, shallow.path], {
      env: scratch.env,
    });
    const clone = new GitSourceRepository(shallow.path, scratch.env);

    for (const ask of [
      () => clone.contributors(running),
      () => clone.contributors(undefined),
      () => clone.commits(running),
    ]) {
      await expect(ask()).rejects.toMatchObject({
        ...{ kind: "not-found", why: expect.stringContaining("the clone is shallow") },
        next: expect.stringContaining("git fetch --unshallow"),
      });
    }
    expect(await repository.contributors(running)).toContain("Eve <eve@example.com>");
    // What a merge brings is what it merges.
    expect(await repository.contributors(undefined)).toEqual(
      expect.arrayContaining(["Eve <eve@example.com>", "Kim <kim@example.com>"]),
    );
    expect(await clone.commits(undefined)).not.toEqual([]);
  });

  test("are signed, or not, or signed by a key that nobody here can check", async () => {
    using folder = temporaryFolder();
    using keys = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    const key = join(keys.path, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "carl", "-f", key]);
    scratch.commit("Not signed");
    scratch.git("config", "gpg.format", "ssh");
    scratch.git("config", "user.signingKey", key);
    scratch.commit("Signed", "--gpg-sign");
    const repository = new GitSourceRepository(scratch.path, scratch.env);

    expect((await repository.commits(undefined)).map(({ signature }) => signature)).toEqual(["E", "N"]);
    const signers = join(keys.path, "signers");
    writeFileSync(signers, `carl@example.com ${readFileSync(`${key}.pub`, "utf8")}`);
    scratch.git("config", "gpg.ssh.allowedSignersFile", signers);
    expect(await repository.commits(undefined)).toMatchObject([
      { signature: "G", signer: "carl@example.com" },
      { signature: "N" },
    ]);
  });
});

describe("the files that differ", () => {
  test("from a commit are those of later commits and of nobody's commit yet", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    scratch.write("same.txt", "x");
    scratch.write("moved.txt", "a text that moves");
    const running = scratch.commit("Begin");
    scratch.write("committed.txt", "x");
    scratch.git("mv", "moved.txt", "moved here.txt");
    scratch.commit("Go on");
    scratch.write('new\n"file".txt', "x");

    const files = await new GitSourceRepository(scratch.path, scratch.env).changedFiles(running);

    expect([...files].sort()).toEqual(["committed.txt", "moved here.txt", "moved.txt", 'new\n"file".txt']);
  });

  test("from nothing are all of them, and of a folder those in it", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    scratch.write("outside.txt", "x");
    scratch.write("service/inside.txt", "x");
    const running = scratch.commit("Begin");
    mkdirSync(join(scratch.path, "service"), { recursive: true });
    const service = new GitSourceRepository(join(scratch.path, "service"), scratch.env);

    expect(await service.changedFiles(undefined)).toEqual(["inside.txt"]);
    scratch.write("outside.txt", "y");
    expect(await service.changedFiles(running)).toEqual([]);
    scratch.write("service/inside.txt", "y");
    expect(await service.changedFiles(running)).toEqual(["inside.txt"]);
  });
});

describe("who and where", () => {
  test("whoever types is known by git's settings, or not at all", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    const { GIT_COMMITTER_NAME, GIT_COMMITTER_EMAIL, ...nobody } = scratch.env;
    const repository = new GitSourceRepository(scratch.path, nobody);

    expect(await repository.user()).toBeUndefined();
    scratch.git("config", "user.name", "Olga Operator");
    scratch.git("config", "user.email", "olga@example.com");
    expect(await repository.user()).toBe("Olga Operator <olga@example.com>");
  });

  test("the remote leads to GitHub, or there is none", async () => {
    using folder = temporaryFolder();
    const scratch = new ScratchRepository(folder.path);
    const repository = new GitSourceRepository(scratch.path, scratch.env);

    expect(await repository.githubRepository()).toBeUndefined();
    scratch.git("remote", "add", "origin", "git@github.com:acme/items-api.git");
    expect(await repository.githubRepository()).toBe("acme/items-api");
    expect(readdirSync(scratch.path)).toEqual([".git"]);
  });
});
