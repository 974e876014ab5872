import { rm } from "node:fs/promises";
import { assertNotInterrupted, ReleaseError } from "@slipway/release-engine";
import { assertCommit } from "./assert-commit.ts";
import { gitEnvironment, runGit } from "./run-git.ts";

/** A folder of a repository, and who asks. */
export interface WorktreePlace {
  /** Absolute path of the folder with slipway.config.ts. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/**
 * Checks a commit out in a folder of its own, beside what is checked out. No hook of the repository runs: it is about people's work.
 *
 * @param folder absolute path; must not exist
 * @returns the folder in it that is the repository's `directory`
 * @throws {ReleaseError} `not-found` when the commit is not in the clone
 */
export async function addWorktree(place: WorktreePlace, commit: string, folder: string): Promise<string> {
  const run = (args: readonly string[]) => git(place, args);
  await assertCommit(run, commit);
  await must(place, ["-c", "core.hooksPath=/dev/null", "worktree", "add", "--detach", folder, commit]);
  const prefix = (await must(place, ["rev-parse", "--show-prefix"])).trim();
  return prefix === "" ? folder : `${folder}/${prefix.replace(/\/$/, "")}`;
}

/** Takes a worktree away, or what a killed process has left of one. */
export async function removeWorktree({ directory, env }: WorktreePlace, folder: string): Promise<void> {
  // This one alone, and not `prune`: somebody may have another on a disk that is not there now. Without a signal: an interrupt may be why.
  await git({ directory, env }, ["worktree", "remove", "--force", folder]);
  await rm(folder, { recursive: true, force: true });
}

async function git({ directory: cwd, env, signal }: WorktreePlace, args: readonly string[]) {
  assertNotInterrupted(signal, "before git was asked");
  try {
    return await runGit(args, { cwd, env: gitEnvironment(env), ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    assertNotInterrupted(signal, "while git was asked");
    throw error;
  }
}

async function must(place: WorktreePlace, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await git(place, args);
  if (code !== 0) {
    throw new ReleaseError({
      ...{ kind: "failed", what: `git ${args.join(" ")} failed in ${place.directory}` },
      ...{ why: stderr.trim() || `exit code ${code}`, next: `cd ${place.directory} && git worktree list` },
    });
  }
  return stdout;
}
