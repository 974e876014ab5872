import { rmSync } from "node:fs";
import { gitEnvironment, runGit } from "@slipway/aws";
import { ReleaseError } from "@slipway/release-engine";
import type { HandlerFault } from "./faulty-handler.ts";
import { type InfrastructureFault, plantInBuild, plantInInfrastructure, type ReleaseFiles } from "./plant-release.ts";

/** Nobody whom git would ask for a key. */
const AUTHOR = ["-c", "user.name=Game Day", "-c", "user.email=game-day@localhost", "-c", "commit.gpgsign=false"];

/** The files of a game day, in a worktree of its own, and their commits, on no branch. */
export class GameFiles {
  readonly #files: ReleaseFiles;
  readonly #env: NodeJS.ProcessEnv;
  /** Commits by what is wrong with them: that which the environment was brought up with is `none`. */
  readonly #commits = new Map<string, string>();

  constructor(files: ReleaseFiles, env: NodeJS.ProcessEnv) {
    this.#files = files;
    // It commits and goes back: a repository that a hook or an alias names must not be the one.
    this.#env = gitEnvironment(env);
  }

  get directory(): string {
    return this.#files.directory;
  }

  /** Makes a commit with something wrong in it. @returns what it is, in words */
  async commit(fault: HandlerFault | InfrastructureFault): Promise<string> {
    if (fault === "bad-infrastructure" || fault === "harmless-infrastructure") {
      plantInInfrastructure(this.#files, fault);
    } else {
      plantInBuild(this.#files, fault);
    }
    await this.#git("add", "--all", ".");
    await this.#git(
      ...AUTHOR,
      "-c",
      "core.hooksPath=/dev/null",
      "commit",
      "--quiet",
      "--allow-empty",
      "--message",
      "Make the API better for its users",
    );
    const commit = (await this.#git("rev-parse", "HEAD")).trim();
    this.#commits.set(fault, commit);
    return `commit ${commit.slice(0, 12)} was released, which is ${fault}`;
  }

  /** Goes back to a commit that was made, and forgets what this machine has kept of the ledger. */
  async reset(fault: HandlerFault): Promise<void> {
    await this.#git("reset", "--quiet", "--hard", this.#commits.get(fault) ?? "HEAD");
    rmSync(`${this.directory}/.slipway`, { recursive: true, force: true });
  }

  async #git(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runGit(args, { cwd: this.directory, env: this.#env });
    if (code !== 0) {
      throw new ReleaseError({
        ...{ kind: "failed", what: `git ${args.filter((each) => /^[a-z-]+$/.test(each)).join(" ")} failed` },
        ...{ why: stderr.trim() || `exit code ${code}`, next: "type the same command again, with --keep" },
      });
    }
    return stdout;
  }
}
