import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SourceRevision } from "@slipway/contracts";
import { assertNotInterrupted, ReleaseError, type SourceCommit, type SourceRepository } from "@slipway/release-engine";
import { assertCommit } from "./assert-commit.ts";
import { COMMIT_FORMAT, PEOPLE_FORMAT, parseCommits, parsePeople } from "./parse-commits.ts";
import { parseGithubUrl } from "./parse-github-url.ts";
import { type GitResult, gitEnvironment, runGit } from "./run-git.ts";
import { type Git, snapshotTree } from "./snapshot-tree.ts";

/** How many commits a first release has: those before them were read long ago, or never will be. */
const FIRST_COMMITS = 100;
const NO_REPOSITORY: SourceRevision = { commit: null, tree: null, dirty: false };

/** The repository that a folder is in, by the `git` on the PATH. */
export class GitSourceRepository implements SourceRepository {
  readonly #directory: string;
  readonly #env: NodeJS.ProcessEnv;

  /** @param directory absolute path of a folder in it; changed files are those of this folder */
  constructor(directory: string, env: NodeJS.ProcessEnv) {
    this.#directory = directory;
    this.#env = gitEnvironment(env);
  }

  async revision(signal?: AbortSignal): Promise<SourceRevision> {
    if (!(await this.#isRepository(signal))) {
      return NO_REPOSITORY;
    }
    const [head, tree] = await Promise.all([
      this.#head(signal),
      snapshotTree(this.#git(signal), (hash) => Promise.resolve(hash)),
    ]);
    return { commit: head?.commit ?? null, tree, dirty: head?.tree !== tree };
  }

  async commits(since: string | undefined, signal?: AbortSignal): Promise<readonly SourceCommit[]> {
    if ((await this.#head(signal)) === undefined) {
      return [];
    }
    if (since !== undefined) {
      await this.#assertAncestor(since, signal);
      await this.#assertWhole([`${since}..HEAD`], signal);
    }
    const git = this.#git(signal);
    const range = since === undefined ? [`--max-count=${FIRST_COMMITS}`, "HEAD"] : [`${since}..HEAD`];
    const commits = parseCommits(await git(["log", "-z", "--no-color", `--format=${COMMIT_FORMAT}`, ...range, "--"]));
    if (commits.every(({ signature }) => signature !== "N")) {
      return commits;
    }
    // git says N, too, where it cannot check: without gpg, or without a file of allowed signers. Then it is not known.
    const signed = signedCommits(await git(["rev-list", "--header", ...range, "--"]));
    return commits.map((commit) =>
      commit.signature === "N" && signed.has(commit.hash) ? { ...commit, signature: "E" } : commit,
    );
  }

  async contributors(since: string | null | undefined, signal?: AbortSignal): Promise<readonly string[]> {
    if ((await this.#head(signal)) === undefined) {
      throw new ReleaseError({
        kind: "not-found",
        what: "Nobody knows who wrote what is released",
        why: "there is no commit that could say so",
        next: "git commit",
      });
    }
    if (typeof since === "string") {
      await this.#assertCommit(since, signal);
    }
    // On another branch what it leaves out of the one that runs is a change, too.
    const range = [since === undefined ? await this.#newest(signal) : since === null ? "HEAD" : `${since}...HEAD`];
    await this.#assertWhole(range, signal);
    const git = this.#git(signal);
    // Without signatures, which would be checked one by one.
    const people = parsePeople(await git(["log", "-z", "--no-color", `--format=${PEOPLE_FORMAT}`, ...range, "--"]));
    return [...new Set(people)];
  }

  /** What the newest commit brings. */
  async #newest(signal?: AbortSignal): Promise<string> {
    const [, parent] = (await this.#git(signal)(["rev-list", "--parents", "--max-count=1", "HEAD"])).trim().split(" ");
    return parent === undefined ? "HEAD" : `${parent}..HEAD`;
  }

  async changedFiles(since: string | undefined, signal?: AbortSignal): Promise<readonly string[]> {
    if (!(await this.#isRepository(signal))) {
      return [];
    }
    const git = this.#git(signal);
    if (since !== undefined) {
      await this.#assertCommit(since, signal);
    }
    const listing = await snapshotTree(git, (tree, env) =>
      since === undefined
        ? git(["ls-tree", "-r", "-z", "--name-only", tree], env)
        : git(["diff-tree", "-r", "-z", "--name-only", "--no-renames", "--relative", since, tree], env),
    );
    return listing.split("\0").filter((path) => path !== "");
  }

  async user(signal?: AbortSignal): Promise<string | undefined> {
    // Without a configured name git would make one up, of the login and the host.
    const { code, stdout } = await this.#run(["-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"], signal);
    const [, user] = /^(.+ <.*>) \d+ [+-]\d{4}$/.exec(stdout.trim()) ?? [];
    return code === 0 ? user : undefined;
  }

  async githubRepository(signal?: AbortSignal): Promise<string | undefined> {
    const { code, stdout } = await this.#run(["remote", "get-url", "origin"], signal);
    return code === 0 ? parseGithubUrl(stdout.trim()) : undefined;
  }

  /** Undefined where nothing was committed yet, or there is no repository. */
  async #head(signal: AbortSignal | undefined): Promise<{ commit: string; tree: string } | undefined> {
    const { code, stdout } = await this.#run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], signal);
    if (code !== 0) {
      return undefined;
    }
    const commit = stdout.trim();
    return { commit, tree: (await this.#git(signal)(["rev-parse", `${commit}^{tree}`])).trim() };
  }

  async #isRepository(signal: AbortSignal | undefined): Promise<boolean> {
    const found = await this.#run(["rev-parse", "--is-inside-work-tree"], signal);
    if (found.code === 0) {
      return found.stdout.trim() === "true";
    }
    const isNone = found.code === -1 ? !hasGitFolder(this.#directory) : found.stderr.includes("not a git repository");
    if (isNone) {
      return false;
    }
    throw this.#failure(["rev-parse", "--is-inside-work-tree"], found);
  }

  async #assertCommit(since: string, signal: AbortSignal | undefined): Promise<void> {
    await assertCommit((args) => this.#run(args, signal), since);
  }

  /** Where a shallow clone ends within a range, nobody knows what else belongs to it. */
  async #assertWhole(range: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const git = this.#git(signal);
    const place = (await git(["rev-parse", "--path-format=absolute", "--git-path", "shallow"])).trim();
    const ends = new Set((await readFile(place, "utf8").catch(() => "")).split("\n").filter((line) => line !== ""));
    if (ends.size === 0) {
      return;
    }
    const commits = (await git(["rev-list", ...range, "--"])).split("\n");
    const end = commits.find((commit) => ends.has(commit));
    if (end !== undefined) {
      throw new ReleaseError({
        kind: "not-found",
        what: "Not all commits that are released are in this repository",
        why: `the clone is shallow: it does not have what came before ${end.slice(0, 12)}, and so not who wrote it`,
        next: "git fetch --unshallow (in GitHub Actions: fetch-depth: 0)",
      });
    }
  }

  async #assertAncestor(since: string, signal: AbortSignal | undefined): Promise<void> {
    await this.#assertCommit(since, signal);
    if ((await this.#run(["merge-base", "--is-ancestor", since, "HEAD"], signal)).code !== 0) {
      throw new ReleaseError({
        kind: "not-found",
        what: `The commit ${since}, which runs now, is not in the history of what is checked out`,
        why: "the branch was rewritten or is another one, or the clone is shallow",
        next: `check out a commit that has it: git log --oneline ${since}..HEAD`,
      });
    }
  }

  #git(signal: AbortSignal | undefined): Git {
    return async (args, env) => {
      const result = await this.#run(args, signal, env);
      if (result.code !== 0) {
        throw this.#failure(args, result);
      }
      return result.stdout;
    };
  }

  async #run(
    args: readonly string[],
    signal: AbortSignal | undefined,
    env: NodeJS.ProcessEnv = {},
  ): Promise<GitResult> {
    assertNotInterrupted(signal, "before git was asked");
    try {
      return await runGit(args, { cwd: this.#directory, env: { ...this.#env, ...env }, signal });
    } catch (error) {
      assertNotInterrupted(signal, "while git was asked");
      throw error;
    }
  }

  #failure(args: readonly string[], { code, stderr }: GitResult): ReleaseError {
    const command = `git ${args[0]}`;
    return code === -1
      ? new ReleaseError({
          ...{ kind: "failed", what: `${command} could not be started`, why: stderr },
          next: "install git, and see that it is on the PATH",
        })
      : new ReleaseError({
          ...{
            kind: "failed",
            what: `${command} failed in ${this.#directory}`,
            why: stderr.trim() || `exit code ${code}`,
          },
          next: `cd ${this.#directory} && git status`,
        });
  }
}

function hasGitFolder(directory: string): boolean {
  const parent = dirname(directory);
  return existsSync(join(directory, ".git")) || (parent !== directory && hasGitFolder(parent));
}

/** Hashes of the commits in the output of `git rev-list --header` that carry a signature. */
function signedCommits(output: string): Set<string> {
  const signed = output.split("\0").filter((record) => {
    const [headers = ""] = record.split("\n\n", 1);
    return /^gpgsig(-sha256)? /m.test(headers);
  });
  return new Set(signed.map((record) => record.slice(0, record.indexOf("\n"))));
}
