import { execFile } from "node:child_process";

export interface GitResult {
  /** -1 when git could not be started. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface GitOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** What git sets for hooks and aliases: with them it would look at the repository that called, and not at the one in its folder. */
const OF_ANOTHER_REPOSITORY = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
];

/** The environment that git runs in: this folder's repository, English messages, and no questions to anybody. */
export function gitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !OF_ANOTHER_REPOSITORY.includes(name));
  return { ...Object.fromEntries(kept), LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" };
}

/**
 * Runs git and waits for it. Without the guard of `runProcess`, which takes ten times as long to start as git does: these commands
 * only read, end in milliseconds, and need nobody to stop them gently.
 *
 * @throws {Error} `AbortError` when the signal is given
 */
export function runGit(args: readonly string[], { cwd, env, signal }: GitOptions): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    execFile("git", [...args], { cwd, env, signal, maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) {
        resolve({ code: 0, stdout, stderr });
      } else if (error.name === "AbortError") {
        reject(error);
      } else {
        const code = typeof error.code === "number" ? error.code : -1;
        resolve({ code, stdout, stderr: code === -1 ? error.message : stderr });
      }
    });
  });
}
