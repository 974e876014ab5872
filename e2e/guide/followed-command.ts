import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

const PATIENCE_MS = 40_000;

/** A command in a shell that runs until somebody types Ctrl-C. */
export class FollowedCommand {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #patienceMs: number;
  readonly #kill = () => this.#signal("SIGKILL");
  #stdout = "";
  #stderr = "";

  /** @param patienceMs - how long somebody waits for what it has to show */
  constructor(
    script: string,
    options: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
    patienceMs = PATIENCE_MS,
  ) {
    this.#patienceMs = patienceMs;
    // A group of its own, which Ctrl-C is for, as in a terminal.
    this.#child = spawn("bash", ["-c", script], { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      this.#stdout += chunk.toString("utf8");
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr += chunk.toString("utf8");
    });
    this.#closed = once(this.#child, "close");
    process.once("exit", this.#kill);
  }

  /**
   * Waits until it has printed what somebody waits for.
   *
   * @param isEnough - asked of the lines that it has printed
   * @throws Error with what it printed, when it ends before, or takes too long
   */
  async shows(isEnough: (lines: readonly string[]) => boolean): Promise<void> {
    const late = AbortSignal.timeout(this.#patienceMs);
    while (!isEnough(this.#lines)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null || late.aborted) {
        this.#kill();
        throw new Error(`it has printed no more than:\n${this.#stdout}\n${this.#stderr}`);
      }
      await Promise.race([
        once(this.#child.stdout as NodeJS.EventEmitter, "data", { signal: late }),
        this.#closed,
      ]).catch(() => {});
    }
  }

  /**
   * Types Ctrl-C.
   *
   * @param mayEndWith - further exit codes that it may end with, of programs that say beside their output how they get on
   * @returns the lines that it printed
   * @throws Error when it does not end of it, or complains
   */
  async interrupt(mayEndWith?: readonly number[]): Promise<readonly string[]> {
    this.#signal("SIGINT");
    const insist = setTimeout(this.#kill, PATIENCE_MS);
    await this.#closed;
    clearTimeout(insist);
    process.off("exit", this.#kill);
    const { exitCode, signalCode } = this.#child;
    // The shell may die of the signal that the command in it takes as the end.
    const isOver = [0, 130, ...(mayEndWith ?? [])].includes(exitCode ?? -1) || signalCode === "SIGINT";
    if (!isOver || (mayEndWith === undefined && this.#stderr !== "")) {
      throw new Error(`it ended with ${exitCode ?? signalCode} and said:\n${this.#stderr}`);
    }
    return this.#lines;
  }

  get #lines(): readonly string[] {
    return this.#stdout.split("\n").slice(0, -1);
  }

  #signal(name: NodeJS.Signals): void {
    try {
      process.kill(-(this.#child.pid ?? 0), name);
    } catch {
      // It has just ended by itself.
    }
  }
}
