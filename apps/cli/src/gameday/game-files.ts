import { rmSync } from "node:fs";
import { runGit } from "@slipway/aws";
import { ReleaseError } from "@slipway/release-engine";
import type { HandlerFault } from "./faulty-handler.ts";
import { plantInBuild, plantInInfrastructure, type ReleaseFiles } from "./plant-release.ts";

/** Nobody whom git would ask for a key. */
const AUTHOR = ["-c", "user.name=Game Day", "-c", "user.email=game-day@localhost", "-c", "commit.gpgsign=false"];

/** The files of a game day, in a worktree of its own, and their commits, on no branch. */
export class GameFiles {
  readonly #files: ReleaseFiles;
  readonly #env: NodeJS.ProcessEnv;
  /** The commit that the environment was brought up with. */
  #first: string | undefined;

  constructor(files: ReleaseFiles, env: NodeJS.ProcessEnv) {
    this.#files = files;
    this.#env = env;
  }

  get directory(): string {
    return this.#files.directory;
  }

  /** Makes a commit with something wrong in it. @returns what it is, in words */
  async commit(fault: HandlerFault | "bad-infrastructure"): Promise<string> {
    if (fault === "bad-infrastructure") {
      plantInInfrastructure(this.#files);
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
      "--message",
      "Make the API better for its users",
    );
    const commit = (await this.#git("rev-parse", "HEAD")).trim();
    this.#first ??= commit;
    return `commit ${commit.slice(0, 12)} was released, whose function ${fault === "bad-infrastructure" ? "hardly anybody gets through to" : fault}`;
  }

  /** Goes back to the first commit, and forgets what this machine has kept of the ledger. */
  async reset(): Promise<void> {
    await this.#git("reset", "--quiet", "--hard", this.#first ?? "HEAD");
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
