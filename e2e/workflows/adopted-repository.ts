import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gitEnvironment } from "../release/lab-repository.ts";
import { repositoryRoot } from "../support/repository.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/**
 * This repository as a team has it on GitHub, after what docs/github-actions.md asks for: a bare repository that jobs are given, and the
 * clone of somebody who works on it.
 */
export class AdoptedRepository {
  readonly #folder = temporaryFolder("adopted");
  /** What GitHub has. */
  readonly remote = join(this.#folder.path, "remote.git");
  /** Jane's clone. */
  readonly clone = join(this.#folder.path, "clone");

  constructor() {
    const quietly = { stdio: "pipe", env: { PATH: process.env.PATH, ...gitEnvironment } } as const;
    execFileSync("git", ["clone", "--quiet", "--bare", "--no-hardlinks", repositoryRoot, this.remote], quietly);
    execFileSync("git", ["clone", "--quiet", "--no-hardlinks", this.remote, this.clone], quietly);
    this.git("checkout", "--quiet", "-B", "main");
    this.git("config", "user.name", "Jane Doe");
    this.git("config", "user.email", "jane@example.com");
  }

  git(...words: readonly string[]): string {
    const env = { PATH: process.env.PATH, HOME: this.#folder.path, ...gitEnvironment };
    return execFileSync("git", words, { cwd: this.clone, encoding: "utf8", env }).trim();
  }

  /**
   * Changes one place of a file.
   *
   * @throws Error when the file has no such place, or several
   */
  edit(file: string, from: string, to: string): void {
    const path = join(this.clone, file);
    const parts = readFileSync(path, "utf8").split(from);
    if (parts.length !== 2) {
      throw new Error(`${file}: has ${parts.length - 1} times: ${from}`);
    }
    writeFileSync(path, parts.join(to));
  }

  append(file: string, text: string): void {
    appendFileSync(join(this.clone, file), text);
  }

  /** Commits what was changed. @returns the commit */
  commit(message: string): string {
    this.git("commit", "--quiet", "--all", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  push(ref: string): void {
    this.git("push", "--quiet", "--force", this.remote, ref);
  }

  remove(): void {
    this.#folder.remove();
  }
}
