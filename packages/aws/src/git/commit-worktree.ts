import { copyFile, mkdir, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { assertNotInterrupted, ReleaseError, type SourceRepository } from "@slipway/release-engine";
import { assertCommit } from "./assert-commit.ts";
import { GitSourceRepository } from "./git-source-repository.ts";
import { type GitResult, gitEnvironment, runGit } from "./run-git.ts";

/** The files of a commit, beside those that are checked out. */
export interface CommitWorktree {
  /** Absolute path of the folder that stands for the one with slipway.config.ts. */
  readonly directory: string;
  /** Says whether its files still are the commit's. */
  readonly source: Pick<SourceRepository, "revision" | "changedFiles">;
  /**
   * Copies the values for Terraform's variables that git does not have from a root module that is checked out. Those that the commit has
   * are the commit's.
   *
   * @param from the root module's folder in the checkout, from the folder with slipway.config.ts
   * @param to its folder in the commit
   * @returns their names
   */
  takeVariables(from: string, to: string): Promise<readonly string[]>;
}

/** Where a worktree is made. */
export interface WorktreePlace {
  /** Absolute path of the folder with slipway.config.ts. */
  readonly repository: string;
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the folder for it: nobody else's, and the same the next time, so that what a killed process has left is found. */
  readonly folder: string;
  /** `installed`: the packages of the checkout are linked into it; `none`: somebody installs its own there. */
  readonly packages?: "installed" | "none";
  readonly signal?: AbortSignal;
}

/** Files from which Terraform takes values by itself. */
const VARIABLE_FILE = /^(terraform\.tfvars|.+\.auto\.tfvars)(\.json)?$/;
/** What is put into a worktree beside the commit's files, and is no change of them. */
const NOT_OF_THE_COMMIT = ["node_modules", ".terraform/"];

/**
 * Checks a commit out in a worktree of its own (`git worktree add --detach`), without touching the checkout: neither its files, nor its
 * index, nor its branch. Hooks do not run. A worktree that is there already, of this repository, is brought to the commit; what Terraform
 * has in it (`.terraform`) stays, because the Terraform of a killed process may still be at work there.
 *
 * @throws {ReleaseError} `not-found`, with the command that fetches it, when the commit is not in the clone; `failed` when git does
 */
export async function openCommitWorktree(place: WorktreePlace, commit: string): Promise<CommitWorktree> {
  const git = gitIn(place);
  await assertCommit((args) => git.run(args), commit);
  const prefix = (await git.must(["rev-parse", "--show-prefix"])).trim();
  if (!(await isOurs(place, git)) || !(await bringTo(place, git, commit))) {
    await removeCommitWorktree(place);
    await mkdir(dirname(place.folder), { recursive: true });
    await git.must(["-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "--detach", place.folder, commit]);
  }
  const top = (await git.must(["rev-parse", "--show-toplevel"])).trim();
  const directory = join(place.folder, prefix);
  if (place.packages !== "none") {
    await linkPackages(top, place.folder);
    if (prefix !== "") {
      await linkPackages(place.repository, directory);
    }
  }
  const excludes = excludesOf(place);
  const writeExcludes = (files: readonly string[]) =>
    writeFile(excludes, `${[...NOT_OF_THE_COMMIT, ...files.map((file) => `/${escaped(file)}`)].join("\n")}\n`);
  await writeExcludes([]);
  return {
    directory,
    source: new GitSourceRepository(directory, withExcludes(place.env, excludes)),
    async takeVariables(from, to) {
      const names = await variableFiles(place.repository, git, from);
      const target = join(directory, to);
      const has = new Set(
        (await git.must(["ls-files", "-z", "--", "."], target)).split("\0").filter((name) => name !== ""),
      );
      const taken = names.filter((name) => !has.has(name));
      await writeExcludes(taken.map((name) => join(prefix, to, name)));
      for (const name of taken) {
        await copyFile(join(place.repository, from, name), join(target, name));
      }
      return taken;
    },
  };
}

/** Removes a worktree, whatever a killed process has left of it, and what git remembers of it. Nothing happens where there is none. */
export async function removeCommitWorktree(place: WorktreePlace): Promise<void> {
  // Without a signal: an interrupt may be why. This one alone, and not `prune`: somebody may have another on a disk that is not there now.
  const git = gitIn({ repository: place.repository, env: place.env });
  // What is not there git removes whatever became of it.
  await rm(place.folder, { recursive: true, force: true });
  await git.run(["worktree", "remove", "--force", place.folder]);
  await rm(excludesOf(place), { force: true });
}

/** Looks whether a commit is in the clone, as `openCommitWorktree` does, and makes nothing. */
export async function assertCommitIsThere(
  place: Pick<WorktreePlace, "repository" | "env" | "signal">,
  commit: string,
): Promise<void> {
  const git = gitIn(place);
  await assertCommit((args) => git.run(args), commit);
}

interface Git {
  run(args: readonly string[], cwd?: string): Promise<GitResult>;
  /** @throws {ReleaseError} when it fails */
  must(args: readonly string[], cwd?: string): Promise<string>;
}

function gitIn({ repository, env, signal }: Pick<WorktreePlace, "repository" | "env" | "signal">): Git {
  const run = async (args: readonly string[], cwd = repository) => {
    assertNotInterrupted(signal, "before git was asked");
    try {
      return await runGit(args, { cwd, env: gitEnvironment(env), ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      assertNotInterrupted(signal, "while git was asked");
      throw error;
    }
  };
  const must = async (args: readonly string[], cwd = repository) => {
    const { code, stdout, stderr } = await run(args, cwd);
    if (code !== 0) {
      throw new ReleaseError({
        ...{
          kind: "failed",
          what: `git ${args.filter((each) => /^[a-z]+(-[a-z]+)*$/.test(each))[0]} failed in ${cwd}`,
        },
        ...{ why: stderr.trim() || `exit code ${code}`, next: `cd ${repository} && git worktree list` },
      });
    }
    return stdout;
  };
  return { run, must };
}

/** Whether there is a worktree of this repository already, and not a folder inside of it. */
async function isOurs({ folder }: WorktreePlace, git: Git): Promise<boolean> {
  const there = await realpath(folder).catch(() => undefined);
  if (there === undefined) {
    return false;
  }
  const ask = ["rev-parse", "--path-format=absolute", "--git-common-dir", "--show-toplevel"];
  const { code, stdout } = await git.run(ask, there);
  const [common, top = ""] = stdout.split("\n");
  const own = (await git.must(["rev-parse", "--path-format=absolute", "--git-common-dir"])).trim();
  return code === 0 && common === own && (await realpath(top).catch(() => "")) === there;
}

/** Brings a worktree to a commit, without anything of what was there; false where that fails, as after a kill in the middle. */
async function bringTo({ folder }: WorktreePlace, git: Git, commit: string): Promise<boolean> {
  const quietly = ["-c", "core.hooksPath=/dev/null"];
  const kept = NOT_OF_THE_COMMIT.flatMap((each) => ["-e", each]);
  for (const args of [
    [...quietly, "checkout", "--quiet", "--force", "--detach", commit],
    ["clean", "--quiet", "-ffdx", ...kept],
  ]) {
    if ((await git.run(args, folder)).code !== 0) {
      return false;
    }
  }
  return true;
}

/** The files with values for variables in a root module's folder that git does not have there: ignored, or not added yet. */
async function variableFiles(repository: string, git: Git, root: string): Promise<readonly string[]> {
  const folder = join(repository, root);
  const names = (await readdir(folder).catch(() => [])).filter((name) => VARIABLE_FILE.test(name));
  if (names.length === 0) {
    return [];
  }
  const tracked = (await git.must(["ls-files", "-z", "--", "."], folder)).split("\0");
  return names.filter((name) => !tracked.includes(name)).sort();
}

async function linkPackages(from: string, to: string): Promise<void> {
  try {
    await symlink(join(from, "node_modules"), join(to, "node_modules"), "dir");
  } catch (error) {
    // It is there from the last time, the commit has one, or does not have this folder at all: then its configuration says what is missing.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST" && code !== "ENOENT") {
      throw error;
    }
  }
}

/** Beside the worktree, where nothing is cleaned. */
function excludesOf({ folder }: Pick<WorktreePlace, "folder">): string {
  return `${folder}.exclude`;
}

/** git's patterns: a path is no pattern. */
function escaped(path: string): string {
  return path.replace(/[\\*?[\] !#]/g, "\\$&");
}

/** git's variables for one more setting. */
function withExcludes(env: NodeJS.ProcessEnv, file: string): NodeJS.ProcessEnv {
  const count = Number(env.GIT_CONFIG_COUNT ?? 0);
  return {
    ...env,
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: "core.excludesFile",
    [`GIT_CONFIG_VALUE_${count}`]: file,
  };
}
