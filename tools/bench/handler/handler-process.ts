import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { APIGatewayProxyResult } from "aws-lambda";
import type { Cleanup } from "../support/cleanup.ts";
import { type FunctionSettings, functionEnvironment, nodeArguments } from "./lambda-process.ts";
import type { ApiCall } from "./make-event.ts";

/** What the process is asked for: an answer, or the processor time of so many requests of the mix. */
export type WorkerRequest = { readonly call: ApiCall } | { readonly measure: number };

const worker = join(import.meta.dirname, "handler-worker.ts");
const keptText = 16 * 1024;

/** A bundle in a process of its own, with Lambda's environment. */
export class HandlerProcess {
  readonly #child: ChildProcess;
  readonly #bundle: string;
  #said = "";
  #log = "";

  /**
   * @param cleanup - ends it
   * @param signal - ends it in the middle of its work
   * @param keepLog - whether to keep what it logs; otherwise it goes to nobody, for all that are measured alike
   */
  constructor(bundle: string, settings: FunctionSettings, cleanup: Cleanup, signal: AbortSignal, keepLog = false) {
    this.#bundle = bundle;
    const stdout = keepLog ? "pipe" : "ignore";
    this.#child = spawn(process.execPath, [...nodeArguments, "--disable-warning=ExperimentalWarning", worker, bundle], {
      ...{ cwd: tmpdir(), env: functionEnvironment(settings), stdio: ["ignore", stdout, "pipe", "ipc"], signal },
    });
    // Whoever waits for an answer is told; when nobody does, there is nothing to tell.
    this.#child.on("error", () => {});
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      this.#log += chunk.toString("utf8");
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString("utf8")).slice(-keptText);
    });
    cleanup.defer(() => this.#stop());
  }

  /** What it has logged so far, where that is kept. */
  get log(): string {
    return this.#log;
  }

  /** Sends the handler an event. */
  call(call: ApiCall): Promise<APIGatewayProxyResult> {
    return this.#ask({ call }) as Promise<APIGatewayProxyResult>;
  }

  /**
   * Processor time of a request, in microseconds.
   *
   * @throws Error when a request was not answered as it must be
   */
  measure(requests: number): Promise<number> {
    return this.#ask({ measure: requests }) as Promise<number>;
  }

  async #ask(request: WorkerRequest): Promise<unknown> {
    if (this.#child.exitCode !== null) {
      throw new Error(this.#ending(this.#child.exitCode));
    }
    const answered = new AbortController();
    const options = { signal: answered.signal };
    try {
      const answer = Promise.race([once(this.#child, "message", options), once(this.#child, "close", options)]);
      this.#child.send(request);
      const [message]: [{ value?: unknown; error?: string } | number | null] = (await answer) as never;
      if (typeof message !== "object" || message === null) {
        throw new Error(this.#ending(message));
      }
      if (message.error !== undefined) {
        throw new Error(`${this.#bundle}: ${message.error}`);
      }
      return message.value;
    } finally {
      answered.abort();
    }
  }

  #ending(code: number | null): string {
    return `The process of ${this.#bundle} ended with ${code}. It said: ${this.#said.trim()}`;
  }

  async #stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, "exit");
      this.#child.kill("SIGKILL");
      await gone;
    }
  }
}
