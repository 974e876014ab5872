import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gitIn } from "../release/lab-repository.ts";
import { repositoryRoot } from "../support/repository.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** What is in an example's folder and not of it. */
const LEFT_BEHIND = /^(node_modules|dist|\.slipway|\.terraform)$/;

/** An example application as a repository of its own, where none of this repository's files are, but the packages that `npm ci` would get. */
export class ExampleRepository {
  readonly #folder = temporaryFolder("example");

  constructor(name: string) {
    const source = join(repositoryRoot, "examples", name);
    cpSync(source, this.path, {
      recursive: true,
      filter: (path) =>
        !relative(source, path)
          .split("/")
          .some((part) => LEFT_BEHIND.test(part)),
    });
    symlinkSync(join(repositoryRoot, "node_modules"), join(this.path, "node_modules"), "dir");
    this.#git("init", "--quiet", "--initial-branch=main");
    this.#git("config", "user.name", "Jane Doe");
    this.#git("config", "user.email", "jane@example.com");
    this.commit("Begin");
  }

  get path(): string {
    return this.#folder.path;
  }

  /** Changes a file by a text that it has once. */
  edit(file: string, from: string, to: string): void {
    const path = join(this.path, file);
    const parts = readFileSync(path, "utf8").split(from);
    if (parts.length !== 2) {
      throw new Error(`${file} has ${parts.length - 1} times: ${from}`);
    }
    writeFileSync(path, parts.join(to));
  }

  commit(message: string): void {
    this.#git("add", "--all");
    this.#git("commit", "--quiet", "--message", message);
  }

  /** Takes the last commit back, as who finds out that it was bad does. */
  revert(): void {
    this.#git("revert", "--no-edit", "HEAD");
  }

  remove(): void {
    this.#folder.remove();
  }

  #git(...args: readonly string[]): string {
    return gitIn(this.path, ...args);
  }
}
