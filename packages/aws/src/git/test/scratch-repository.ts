import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A git repository for one test, untouched by the settings of whoever runs it. */
export class ScratchRepository {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;

  /** @param path an empty folder */
  constructor(path: string) {
    this.path = path;
    this.env = {
      ...{ PATH: process.env.PATH, HOME: path, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
      ...{ GIT_AUTHOR_NAME: "Ada Author", GIT_AUTHOR_EMAIL: "ada@example.com" },
      ...{ GIT_COMMITTER_NAME: "Carl Committer", GIT_COMMITTER_EMAIL: "carl@example.com" },
    };
    this.git("init", "--quiet", "--initial-branch=main");
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.path, env: this.env, stdio: ["ignore", "pipe", "pipe"] })
      .toString()
      .trim();
  }

  write(file: string, text: string): void {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** @returns the commit's hash */
  commit(message: string, ...options: string[]): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", message, ...options);
    return this.git("rev-parse", "HEAD");
  }
}
