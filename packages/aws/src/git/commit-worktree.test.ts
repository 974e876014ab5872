import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { openCommitWorktree, removeCommitWorktree, type WorktreePlace } from "./commit-worktree.ts";
import { ScratchRepository } from "./test/scratch-repository.ts";

const ROOT = "infrastructure/prod";

/** A repository with two commits, of which the second is checked out with changes. */
function arrange(folder: TemporaryFolder) {
  const repository = new ScratchRepository(join(folder.path, "repository"));
  repository.write(".gitignore", "*.auto.tfvars\n.terraform/\nnode_modules/\n");
  repository.write(`${ROOT}/main.tf`, "# good\n");
  const good = repository.commit("Good");
  const tree = repository.git("rev-parse", `${good}^{tree}`);
  repository.write(`${ROOT}/main.tf`, "# bad\n");
  repository.write(`${ROOT}/more.tf`, "# more\n");
  const bad = repository.commit("Bad");
  repository.write("staged.txt", "staged");
  repository.git("add", "staged.txt");
  const place: WorktreePlace = {
    ...{ repository: repository.path, env: repository.env, folder: join(repository.path, ".slipway/worktrees/prod") },
  };
  return { repository, place, good, bad, tree };
}

const git = { concurrent: false };

describe("a worktree of an earlier commit", git, () => {
  it("has the commit's files, and leaves the checkout as it is", async () => {
    using folder = emptyFolder();
    const { repository, place, good, bad, tree } = arrange(folder);
    const before = repository.git("status", "--porcelain");

    const { directory, source } = await openCommitWorktree(place, good);

    expect(readFileSync(join(directory, ROOT, "main.tf"), "utf8")).toBe("# good\n");
    expect(existsSync(join(directory, ROOT, "more.tf"))).toBe(false);
    expect(await source.revision()).toEqual({ commit: good, tree, dirty: false });
    expect(repository.git("status", "--porcelain", "--", ".", ":!.slipway")).toBe(before);
    expect(repository.git("rev-parse", "HEAD")).toBe(bad);
    expect(repository.git("branch", "--show-current")).toBe("main");
  });

  it("runs no hooks of the repository", async () => {
    using folder = emptyFolder();
    const { repository, place, good } = arrange(folder);
    const hook = join(repository.path, ".git/hooks/post-checkout");
    writeFileSync(hook, "#!/bin/sh\ntouch hook-has-run\nexit 1\n", { mode: 0o755 });
    const { directory } = await openCommitWorktree(place, good);
    await openCommitWorktree(place, good);
    expect(readdirSync(directory)).not.toContain("hook-has-run");
  });

  it("notices a change of its files", async () => {
    using folder = emptyFolder();
    const { place, good } = arrange(folder);
    const { directory, source } = await openCommitWorktree(place, good);
    writeFileSync(join(directory, ROOT, "more.tf"), "# somebody was here\n");
    expect(await source.revision()).toMatchObject({ commit: good, dirty: true });
    expect(await source.changedFiles(good)).toEqual([`${ROOT}/more.tf`]);
  });

  it("takes the values that git does not have, which are no change, and leaves the commit its own", async () => {
    using folder = emptyFolder();
    const { repository, place } = arrange(folder);
    repository.write(`${ROOT}/terraform.tfvars`, "# the commit's\n");
    const commit = repository.commit("Values");
    repository.git("rm", "--quiet", "--cached", `${ROOT}/terraform.tfvars`);
    for (const name of ["terraform.tfvars", "secrets.auto.tfvars", "a b!.auto.tfvars.json", "notes.tfvars"]) {
      repository.write(`${ROOT}/${name}`, "# the checkout's\n");
    }
    repository.write(`${ROOT}/known.auto.tfvars`, "# in git\n");
    repository.git("add", "--force", `${ROOT}/known.auto.tfvars`);

    const { directory, source, takeVariables } = await openCommitWorktree(place, commit);
    expect(await takeVariables(ROOT, ROOT)).toEqual(["a b!.auto.tfvars.json", "secrets.auto.tfvars"]);

    expect(readFileSync(join(directory, ROOT, "terraform.tfvars"), "utf8")).toBe("# the commit's\n");
    expect(readFileSync(join(directory, ROOT, "secrets.auto.tfvars"), "utf8")).toBe("# the checkout's\n");
    expect(readdirSync(join(directory, ROOT)).sort()).toEqual(
      ["a b!.auto.tfvars.json", "main.tf", "more.tf", "secrets.auto.tfvars", "terraform.tfvars"].sort(),
    );
    expect(await source.revision()).toMatchObject({ commit, dirty: false });
  });

  it("is brought from one commit to another, with nothing left but what Terraform works with", async () => {
    using folder = emptyFolder();
    const { repository, place, good, bad } = arrange(folder);
    repository.write(`${ROOT}/secrets.auto.tfvars`, "# secret\n");
    const first = await openCommitWorktree(place, bad);
    await first.takeVariables(ROOT, ROOT);
    mkdirSync(join(first.directory, ROOT, ".terraform"));
    writeFileSync(join(first.directory, ROOT, ".terraform/slipway-run.json"), "{}");
    writeFileSync(join(first.directory, "left.txt"), "left");

    const { directory, source } = await openCommitWorktree(place, good);
    expect(readdirSync(join(directory, ROOT)).sort()).toEqual([".terraform", "main.tf"]);
    expect(existsSync(join(directory, "left.txt"))).toBe(false);
    expect(await source.revision()).toMatchObject({ commit: good, dirty: false });
  });

  it.each([
    ["half of it", (path: string) => writeFileSync(join(path, ".git"), "gitdir: /nowhere\n")],
    ["a lock of its index", () => undefined],
  ])("is made anew where a killed process has left %s", async (what, damage) => {
    using folder = emptyFolder();
    const { repository, place, good } = arrange(folder);
    const { directory } = await openCommitWorktree(place, good);
    damage(directory);
    if (what === "a lock of its index") {
      const lock = repository.git("-C", directory, "rev-parse", "--path-format=absolute", "--git-path", "index.lock");
      writeFileSync(lock, "");
    }
    const { source } = await openCommitWorktree(place, good);
    expect(await source.revision()).toMatchObject({ commit: good, dirty: false });
  });

  it("is removed with all that git remembers of it, also when only the one or the other is left", async () => {
    using folder = emptyFolder();
    const { repository, place, good } = arrange(folder);
    await removeCommitWorktree(place);
    await openCommitWorktree(place, good);
    await removeCommitWorktree(place);
    await removeCommitWorktree(place);
    expect(readdirSync(join(repository.path, ".slipway/worktrees"))).toEqual([]);
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
  });

  it("of a commit that is not in the clone says how to fetch it", async () => {
    using folder = emptyFolder();
    const { place } = arrange(folder);
    const missing = "1".repeat(40);
    await expect(openCommitWorktree(place, missing)).rejects.toMatchObject({
      kind: "not-found",
      next: `git fetch origin ${missing}`,
    });
    expect(existsSync(place.folder)).toBe(false);
  });

  it("of a project in a folder of its repository is that folder", async () => {
    using folder = emptyFolder();
    const { repository, place } = arrange(folder);
    repository.write("shop/slipway.config.ts", "export default {};\n");
    const commit = repository.commit("Shop");
    repository.write("shop/node_modules/package/index.js", "");
    const { directory, source } = await openCommitWorktree(
      { ...place, repository: join(repository.path, "shop") },
      commit,
    );
    expect(readdirSync(directory).sort()).toEqual(["node_modules", "slipway.config.ts"]);
    expect(await source.revision()).toMatchObject({ commit, dirty: false });
  });
});

function emptyFolder(): TemporaryFolder {
  const folder = temporaryFolder();
  mkdirSync(join(folder.path, "repository"));
  return folder;
}
