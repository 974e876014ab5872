import { spawn } from "node:child_process";

/** How a program is run. */
export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Interrupts it, as Ctrl-C would, and waits until it has ended. */
  readonly signal: AbortSignal;
}

/** What came of a program that ended with exit code 0. */
export interface Ran {
  readonly stdout: string;
  /** Wall-clock time from its start to its end. */
  readonly seconds: number;
}

const shownText = 4_000;

/**
 * Runs a program in a process group of its own, and waits until it has ended and closed its output.
 *
 * @throws Error when it cannot be started or ends with anything but 0, with the last of what it said
 */
export function runToEnd(file: string, args: readonly string[], { cwd, env, signal }: RunOptions): Promise<Ran> {
  signal.throwIfAborted();
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const interrupt = () => {
      if (child.pid !== undefined && child.exitCode === null) {
        process.kill(-child.pid, "SIGINT");
      }
    };
    signal.addEventListener("abort", interrupt);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-shownText);
    });
    child.once("error", (cause) => reject(new Error(`${file} could not be started: ${cause.message}`, { cause })));
    child.once("close", (code, killedBy) => {
      signal.removeEventListener("abort", interrupt);
      if (signal.aborted) {
        reject(signal.reason);
      } else if (code === 0) {
        resolve({ stdout, seconds: (performance.now() - startedAt) / 1000 });
      } else {
        const said = [stdout.slice(-shownText), stderr].filter((text) => text.trim() !== "").join("\n");
        reject(new Error(`${[file, ...args].join(" ")} ended with ${code ?? killedBy}:\n${said}`));
      }
    });
  });
}
