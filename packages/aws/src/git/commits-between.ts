import { assertNotInterrupted, ReleaseError } from "@slipway/release-engine";
import { assertCommit } from "./assert-commit.ts";
import { gitEnvironment, runGit } from "./run-git.ts";

/** A commit, as people are told of it. */
export interface NamedCommit {
  readonly commit: string;
  readonly subject: string;
  /** The author's name, without the address. */
  readonly author: string;
}

/** A unit separator: in no name and no subject. */
const BETWEEN = "\u001f";

/**
 * The commits that a release brought, the newest first, whatever is checked out now.
 *
 * @param range full hashes; `since` is what ran before
 * @throws {ReleaseError} `not-found` when one of them is not in the clone; `failed` when git cannot be asked
 */
export async function commitsBetween(
  { directory: cwd, env, signal }: { directory: string; env: NodeJS.ProcessEnv; signal?: AbortSignal },
  { since, until }: { readonly since: string; readonly until: string },
): Promise<readonly NamedCommit[]> {
  const run = async (args: readonly string[]) => {
    assertNotInterrupted(signal, "before git was asked");
    try {
      return await runGit(args, { cwd, env: gitEnvironment(env), ...(signal && { signal }) });
    } catch (error) {
      assertNotInterrupted(signal, "while git was asked");
      throw error;
    }
  };
  await assertCommit(run, since);
  await assertCommit(run, until);
  const format = `--format=%H${BETWEEN}%an${BETWEEN}%s`;
  const { code, stdout, stderr } = await run([
    "log",
    "--no-color",
    "--no-show-signature",
    format,
    `${since}..${until}`,
    "--",
  ]);
  if (code !== 0) {
    throw new ReleaseError({
      ...{ kind: "failed", what: `git log failed in ${cwd}` },
      ...{ why: stderr.trim() || `exit code ${code}`, next: `cd ${cwd} && git status` },
    });
  }
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [commit = "", author = "", subject = ""] = line.split(BETWEEN);
      return { commit, author, subject };
    });
}
