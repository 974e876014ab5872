import { assertNotInterrupted, ReleaseError, type SourceHistory } from "@slipway/release-engine";
import { commitsBetween } from "./commits-between.ts";
import { gitEnvironment, runGit } from "./run-git.ts";

/** The commits of the git repository that is released from. */
export class GitSourceHistory implements SourceHistory {
  readonly #directory: string;
  readonly #env: NodeJS.ProcessEnv;

  /** @param directory absolute path of the folder with slipway.config.ts */
  constructor(directory: string, env: NodeJS.ProcessEnv) {
    this.#directory = directory;
    this.#env = env;
  }

  async between(range: { readonly since: string; readonly until: string }, signal?: AbortSignal) {
    const place = { directory: this.#directory, env: this.#env, ...(signal && { signal }) };
    const commits = await commitsBetween(place, range);
    return { commits, files: await this.#filesBetween(range, signal) };
  }

  async #filesBetween({ since, until }: { since: string; until: string }, signal?: AbortSignal) {
    assertNotInterrupted(signal, "before git was asked");
    const args = ["diff", "--name-only", "-z", "--no-renames", since, until, "--", "."];
    const { code, stdout, stderr } = await runGit(args, {
      ...{ cwd: this.#directory, env: gitEnvironment(this.#env), ...(signal && { signal }) },
    });
    if (code !== 0) {
      throw new ReleaseError({
        ...{ kind: "failed", what: `git diff failed in ${this.#directory}` },
        ...{ why: stderr.trim() || `exit code ${code}`, next: `cd ${this.#directory} && git status` },
      });
    }
    return stdout.split("\0").filter((path) => path !== "");
  }
}
