import { randomInt } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { node22, repositoryRoot } from "../support/repository.ts";
import { mustRun } from "../support/run-program.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { PlayedGithub } from "./played-github.ts";

/** What a runner is made of. */
export interface RunnerParts {
  readonly github: PlayedGithub;
  /** A bare repository: what GitHub has. */
  readonly remote: string;
  /** Where AWS answers, which is all that jobs are told besides what GitHub tells them. */
  readonly endpoint: string;
  /** What the machine needs to reach a registry. */
  readonly network: NodeJS.ProcessEnv;
}

/**
 * A machine of GitHub's: a home, a folder for the work of one job after the other, and the programs of `ubuntu-24.04` that workflows use.
 * Nothing of who runs the test gets into it.
 */
export class Runner {
  readonly github: PlayedGithub;
  readonly remote: string;
  readonly endpoint: string;
  readonly temporary: string;
  /** Where uploaded artifacts lie, by name. */
  readonly artifacts: string;
  readonly #folder = temporaryFolder("runner");
  readonly #bin: string;
  /** What `npm ci` would make of package-lock.json, taken from job to job as npm's cache would be. */
  readonly #modules: string;
  readonly #network: NodeJS.ProcessEnv;

  constructor({ github, remote, endpoint, network }: RunnerParts) {
    this.#network = network;
    this.github = github;
    this.remote = remote;
    this.endpoint = endpoint;
    const { path } = this.#folder;
    this.temporary = join(path, "temp");
    this.artifacts = join(path, "artifacts");
    this.#bin = join(path, "bin");
    this.#modules = join(path, "modules");
    for (const each of [this.temporary, this.artifacts, this.#bin, join(path, "home")]) {
      mkdirSync(each);
    }
    const gh = `#!/bin/bash\nexec '${realpathSync(node22)}' '${join(import.meta.dirname, "gh.mjs")}' "$@"\n`;
    writeFileSync(join(this.#bin, "gh"), gh);
    chmodSync(join(this.#bin, "gh"), 0o755);
  }

  /** An empty folder for a job, and what takes it away. */
  workspace(): { readonly path: string; remove(): void } {
    const path = join(this.#folder.path, "work");
    mkdirSync(path);
    return {
      path,
      remove: () => {
        this.takeModulesBack(path);
        rmSync(path, { recursive: true, force: true });
      },
    };
  }

  /** Installs the repository's dependencies in a clone. */
  giveModules(workspace: string): void {
    if (!existsSync(this.#modules)) {
      cpSync(join(repositoryRoot, "node_modules"), this.#modules, { recursive: true, verbatimSymlinks: true });
    }
    renameSync(this.#modules, join(workspace, "node_modules"));
  }

  takeModulesBack(workspace: string): void {
    const given = join(workspace, "node_modules");
    if (existsSync(given)) {
      renameSync(given, this.#modules);
    }
  }

  /** Puts a Node of a version on the PATH. */
  async giveNode(version: string): Promise<void> {
    const { stdout } = await mustRun(node22, ["--version"]);
    if (!stdout.startsWith(`v${version}.`)) {
      throw new Error(`node-version: ${version} is asked for, and there is ${stdout.trim()}`);
    }
    rmSync(join(this.#bin, "node"), { force: true });
    symlinkSync(realpathSync(node22), join(this.#bin, "node"));
  }

  /** What every step finds in its environment, beside what GitHub says of the job. */
  get env(): NodeJS.ProcessEnv {
    const { PATH = "", SLIPWAY_PROVIDER_MIRROR } = process.env;
    // `npm test` puts the programs of the clone that is tested there: a job has those of its own clone.
    const others = PATH.split(delimiter).filter((folder) => !folder.includes("node_modules"));
    return {
      PATH: [this.#bin, ...others].join(delimiter),
      HOME: join(this.#folder.path, "home"),
      LANG: "C.UTF-8",
      ...this.#network,
      ...{ CI: "true", GITHUB_ACTIONS: "true", RUNNER_OS: "Linux", RUNNER_TEMP: this.temporary },
      ...(SLIPWAY_PROVIDER_MIRROR === undefined ? {} : { SLIPWAY_PROVIDER_MIRROR }),
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  runId(): string {
    return String(randomInt(1_000_000_000, 9_999_999_999));
  }

  remove(): void {
    this.#folder.remove();
  }
}
