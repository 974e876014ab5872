import { spawn } from "node:child_process";

/** How a program is run. */
export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment of the program; this process's own by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** Text for its standard input; none by default. */
  readonly input?: string;
  /** After this many milliseconds it is killed, with everything in its process group; ten minutes by default. */
  readonly timeoutMs?: number;
  /** Presses Ctrl-C once: the program gets SIGINT. */
  readonly interrupt?: AbortSignal;
  /** Hears what it prints while it does. */
  readonly hears?: (text: string) => void;
}

/** What came of it. */
export interface Ran {
  /** 128 plus the signal's number is not computed: a killed program has `null`. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Thrown by {@link mustRun}; the message is what a person would have seen. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
  readonly ran: Ran;

  constructor(file: string, args: readonly string[], ran: Ran) {
    const said = [ran.stdout.slice(-6_000), ran.stderr.slice(-6_000)].filter((text) => text.trim() !== "").join("\n");
    super(`${[file, ...args].join(" ")} ended with ${ran.code ?? "a signal"}:\n${said}`);
    this.ran = ran;
  }
}

/**
 * Runs a program to its end and gives what it printed, whatever its exit code.
 *
 * @throws Error when it cannot be started or takes too long
 */
export function runProgram(file: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { cwd, env = process.env, input, timeoutMs = 600_000, interrupt, hears } = options;
  return new Promise((resolve, reject) => {
    // A group of its own, so that a timeout ends its children (Terraform's providers) too.
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    for (const stream of hears === undefined ? [] : [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => hears?.(chunk.toString("utf8")));
    }
    const killGroup = () => {
      try {
        process.kill(-(child.pid ?? 0), "SIGKILL");
      } catch {
        // it has just ended by itself
      }
    };
    let isTooLate = false;
    const deadline = setTimeout(() => {
      isTooLate = true;
      killGroup();
    }, timeoutMs);
    process.once("exit", killGroup);
    const pressCtrlC = () => child.kill("SIGINT");
    interrupt?.addEventListener("abort", pressCtrlC, { once: true });
    const end = () => {
      clearTimeout(deadline);
      interrupt?.removeEventListener("abort", pressCtrlC);
      process.off("exit", killGroup);
    };
    child.on("error", (error) => {
      end();
      reject(error);
    });
    child.on("close", (code) => {
      end();
      const ran = {
        code,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      };
      if (isTooLate) {
        reject(new Error(`no end after ${timeoutMs} ms: ${new ProgramError(file, args, ran).message}`));
      } else {
        resolve(ran);
      }
    });
    // A program that does not read its input must not fail the test.
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
  });
}

/**
 * Runs a program that has to succeed.
 *
 * @throws ProgramError with everything it said, when its exit code is not 0
 */
export async function mustRun(file: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const ran = await runProgram(file, args, options);
  if (ran.code !== 0) {
    throw new ProgramError(file, args, ran);
  }
  return ran;
}
