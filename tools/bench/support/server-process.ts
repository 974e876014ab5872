import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { repositoryRoot } from "./repository.ts";

/** A server to start on this Node. */
export interface ServerOptions {
  /** What messages call it. */
  readonly name: string;
  /** Program and arguments. */
  readonly args: readonly string[];
  /** Answers with 200 as soon as the server does its work. */
  readonly readyUrl: string;
  readonly signal: AbortSignal;
}

const startTimeoutMs = 60_000;
const stopTimeoutMs = 20_000;
const pollMs = 4;
const keptText = 16 * 1024;

const endWithParent = new URL("../../../scripts/end-with-parent.mjs", import.meta.url);
const reportUsage = new URL("./report-usage.mjs", import.meta.url);

/**
 * A server in a process of its own, whose processor time can be read. Both sides of a comparison are started by it, so that
 * they carry the same burden. It ends with this process, however that ends.
 */
export class ServerProcess {
  /** From the moment it was spawned to its first answer, in milliseconds. */
  readonly startedInMs: number;
  readonly #name: string;
  readonly #child: ChildProcess;

  /**
   * Starts a server and waits until it answers.
   *
   * @throws Error with what it said, when it ends or does not answer in time
   */
  static async start({ name, args, readyUrl, signal }: ServerOptions): Promise<ServerProcess> {
    const startedAt = performance.now();
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", `--import=${endWithParent}`, `--import=${reportUsage}`, ...args],
      {
        cwd: repositoryRoot,
        env: { ...process.env, SLIPWAY_PARENT_PID: String(process.pid) },
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      },
    );
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-keptText);
    });
    try {
      await becomesReady(child, readyUrl, startedAt + startTimeoutMs, signal);
    } catch (cause) {
      child.kill("SIGKILL");
      signal.throwIfAborted();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${name} did not start (${why}).${said === "" ? "" : ` It said: ${said.trim()}`}`, { cause });
    }
    return new ServerProcess(name, child, performance.now() - startedAt);
  }

  private constructor(name: string, child: ChildProcess, startedInMs: number) {
    this.#name = name;
    this.#child = child;
    this.startedInMs = startedInMs;
  }

  /** The processor time that it has used so far, in milliseconds; of the process itself, not of its children. */
  async cpuMs(): Promise<number> {
    const answered = new AbortController();
    const options = { signal: answered.signal };
    try {
      const answer = Promise.race([once(this.#child, "message", options), once(this.#child, "exit", options)]);
      this.#child.send("usage");
      const [message]: [{ usage?: number } | number | null] = (await answer) as never;
      if (typeof message !== "object" || message?.usage === undefined) {
        throw new Error(`${this.#name} ended while it was being measured.`);
      }
      return message.usage / 1000;
    } finally {
      answered.abort();
    }
  }

  /** Stops it as a signal from outside does; kills it when it does not end. */
  async stop(): Promise<void> {
    if (hasEnded(this.#child)) {
      return;
    }
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const insist = setTimeout(() => this.#child.kill("SIGKILL"), stopTimeoutMs);
    await gone;
    clearTimeout(insist);
  }
}

async function becomesReady(child: ChildProcess, url: string, deadline: number, signal: AbortSignal): Promise<void> {
  while (!(await answers(url))) {
    signal.throwIfAborted();
    if (hasEnded(child)) {
      throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
    }
    if (performance.now() > deadline) {
      throw new Error(`no answer from ${url} within ${startTimeoutMs} ms`);
    }
    await wait(pollMs);
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request(url, { agent: false, timeout: 1_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.once("timeout", () => sent.destroy());
    sent.once("error", () => resolve(false));
    sent.end();
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
