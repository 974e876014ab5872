import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SlipwayConfigInput } from "@slipway/contracts";
import { packageOf } from "../support/bundle-function.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type LabSettings, labConfiguration } from "./lab-configuration.ts";

/** What can be wrong with a release of the lab's functions; `functions/orders/misbehave.mjs` does it. */
export type PlantedFault = "none" | "errors" | "slow" | "slow-tail" | "init" | "storm" | "confess";

/** A commit of the lab's repository. */
export interface LabCommit {
  /** What the functions call themselves, in the header `x-release`. */
  readonly name: string;
  readonly fault?: PlantedFault;
  /** What the functions say in their errors, and should not. */
  readonly leak?: string;
  /** The functions that the commit changes; both, unless said otherwise. */
  readonly functions?: readonly ("orders" | "stock")[];
  readonly settings?: LabSettings;
}

/** Variables with which git finds no settings of the developer's own. */
export const gitEnvironment = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "Jane Doe",
  GIT_AUTHOR_EMAIL: "jane@example.com",
  GIT_COMMITTER_NAME: "Jane Doe",
  GIT_COMMITTER_EMAIL: "jane@example.com",
};

/** Runs git in a folder as Jane Doe, without any settings of whoever runs the tests. @returns what it printed */
export function gitIn(folder: string, ...words: readonly string[]): string {
  return execFileSync("git", words, {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: folder, ...gitEnvironment },
  });
}

/** A small git repository of a team that releases a shop with Slipway. */
export class LabRepository {
  readonly #folder = temporaryFolder("lab");
  readonly #usualMs: number;

  /** @param usualMs how long an answer takes that nothing is wrong with */
  constructor(usualMs: number) {
    this.#usualMs = usualMs;
    cpSync(join(import.meta.dirname, "repository"), this.path, { recursive: true });
    // A function that says nothing but that it was not released yet.
    const code = 'export const handler = async () => ({ statusCode: 503, body: "not released" });\n';
    writeFileSync(join(this.path, "terraform/live/placeholder.zip"), packageOf({ "index.mjs": code }));
    this.write(".gitignore", ".slipway/\n.terraform/\n*.auto.tfvars\n");
    this.#git("init", "--quiet", "--initial-branch=main");
    this.#git("config", "user.name", "Jane Doe");
    this.#git("config", "user.email", "jane@example.com");
  }

  get path(): string {
    return this.#folder.path;
  }

  write(file: string, content: string): void {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), "utf8");
  }

  /** Commits a release of the functions. @returns the commit */
  commit({ name, fault = "none", leak, functions = ["orders", "stock"], settings = {} }: LabCommit): string {
    for (const each of functions) {
      this.write(
        `functions/${each}/release.mjs`,
        `export const release = ${JSON.stringify({ name, fault, usualMs: this.#usualMs, leak }, undefined, 2)};\n`,
      );
    }
    this.configure(labConfiguration(settings));
    return this.commitAll(`Release ${name}`);
  }

  configure(configuration: SlipwayConfigInput): void {
    this.write("slipway.config.ts", `export default ${JSON.stringify(configuration, undefined, 2)};\n`);
  }

  commitAll(message: string): string {
    this.#git("add", "--all");
    this.#git("commit", "--quiet", "--allow-empty", "--message", message);
    return this.head();
  }

  head(): string {
    return this.#git("rev-parse", "HEAD").trim();
  }

  /** Goes back to a commit, with nothing left of what came after it but `.slipway`. */
  checkOut(commit: string): void {
    this.#git("checkout", "--quiet", "--force", "-B", "main", commit);
    this.#git("clean", "--quiet", "-d", "--force");
  }

  remove(): void {
    this.#folder.remove();
  }

  #git(...args: readonly string[]): string {
    return gitIn(this.path, ...args);
  }
}
