import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { EnvironmentLog } from "./environment-log.ts";
import { environmentVariables } from "./environment-variables.ts";
import type { FunctionSpec, Invocation, InvocationOutcome } from "./function-spec.ts";
import { readFrames, readLines } from "./log-pipes.ts";
import { NodeMissingError } from "./node-binaries.ts";
import { peakMemory, type Watched } from "./process-memory.ts";
import { type RuntimeApi, serveRuntimeApi } from "./runtime-api.ts";
import { exitReason, invalidEntrypoint, type RuntimeFailure, runtimeExit } from "./runtime-failure.ts";
import type { RuntimeHost } from "./runtime-host.ts";

/** What came of an environment's initialization. */
export type InitResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly timedOut: true }
  | { readonly ok: false; readonly timedOut: false; readonly errorType: string; readonly payload: Uint8Array };

/** How an invocation ended, as the environment saw it. */
interface Ending {
  readonly payload: Uint8Array;
  readonly errorType?: string;
  readonly status: "success" | "error" | "timeout";
  /** A line that Lambda writes about it. */
  readonly text?: string;
}

interface Running {
  readonly invocation: Invocation;
  /** On `performance.now()`'s scale. */
  readonly startedAt: number;
  readonly initDurationMs?: number;
  readonly resolve: (outcome: InvocationOutcome) => void;
}

/** A process that has answered and then neither asks for more nor ends is of no further use. */
const ASKS_FOR_MORE_WITHIN_MS = 10_000;

const BOOTSTRAP = fileURLToPath(new URL("./bootstrap/bootstrap.mjs", import.meta.url));

/**
 * One execution environment: a child process that runs one version of a function, one invocation at a time.
 *
 * ```text
 * start() -> initializing -> idle -> invoke() -> busy -> (answer) -> (asks for the next one) -> idle
 *                 |                                |                                              |
 *                 +------- error, timeout, exit ---+----------------- dispose() ------------------+--> gone
 * ```
 */
export class ExecutionEnvironment implements Watched {
  readonly log: EnvironmentLog;
  /** Settled when its process is gone. */
  readonly exited: Promise<void>;
  /** When it became idle, on the wall clock. */
  idleSince = Date.now();
  readonly #host: RuntimeHost;
  readonly #spec: FunctionSpec;
  readonly #createdAt = Date.now();
  /** Called when it is ready for another invocation, and when it is gone. */
  readonly #onIdle: (environment: ExecutionEnvironment) => void;
  readonly #onGone: (environment: ExecutionEnvironment) => void;
  #api: RuntimeApi | undefined;
  #child: ChildProcess | undefined;
  #settleExited: () => void = () => {};
  #releaseCredentials: () => void = () => {};
  #temporary = "";
  #settleInit: ((result: InitResult) => void) | undefined;
  #initStartedAt = 0;
  #initDurationMs: number | undefined;
  #running: Running | undefined;
  /** It has asked for more before the end of the last invocation has been written down. */
  #asksForMore = false;
  #deadline: NodeJS.Timeout | undefined;
  #residentPeak = 0;
  #outOfMemory = false;
  #gone = false;

  constructor(
    host: RuntimeHost,
    spec: FunctionSpec,
    onIdle: (environment: ExecutionEnvironment) => void,
    onGone: (environment: ExecutionEnvironment) => void,
  ) {
    this.#host = host;
    this.#spec = spec;
    this.#onIdle = onIdle;
    this.#onGone = onGone;
    this.exited = new Promise((resolve) => {
      this.#settleExited = resolve;
    });
    this.log = new EnvironmentLog(host.logs, host.logAccess, host.clock, spec, host.region);
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Milliseconds since it was made, on the wall clock. */
  get ageMs(): number {
    return Date.now() - this.#createdAt;
  }

  /**
   * Starts the process and loads the handler.
   *
   * @param limitMs - how long that may take
   * @throws AwsError when there are no credentials for the execution role
   */
  async start(limitMs: number): Promise<InitResult> {
    this.log.initStart();
    this.#initStartedAt = performance.now();
    try {
      const { credentials, release } = this.#host.openSession(this.#spec);
      this.#releaseCredentials = release;
      const taskRoot = this.#host.code.folder(this.#spec.codeSha256, this.#spec.readPackage);
      const [node, api] = await Promise.all([
        this.#host.findNode(Number(/\d+/.exec(this.#spec.runtime)?.[0])),
        serveRuntimeApi({
          onNext: () => this.#next(),
          onResponse: (requestId, payload, resident) =>
            this.#answered(requestId, resident, { payload, status: "success" }),
          onError: (requestId, payload, errorType, resident) =>
            this.#answered(requestId, resident, { payload, errorType, status: "error" }),
          onInitError: (payload, errorType) => this.#initFailed(errorType, payload),
        }),
      ]);
      this.#api = api;
      if (this.#gone) {
        api.close();
        return { ok: false, timedOut: false, ...this.#runtimeExit("Runtime exited without providing a reason") };
      }
      this.#temporary = join(this.#host.temporaryRoot, this.log.stream.slice(-32));
      mkdirSync(this.#temporary, { recursive: true });
      const result = new Promise<InitResult>((resolve) => {
        this.#settleInit = resolve;
      });
      this.#deadline = setTimeout(() => this.#initTimedOut(), limitMs);
      this.#spawn(node, taskRoot, api.address, credentials);
      return await result;
    } catch (error) {
      this.dispose();
      if (error instanceof NodeMissingError) {
        this.log.line(error.message);
        return { ok: false, timedOut: false, ...invalidEntrypoint(error.message) };
      }
      throw error;
    }
  }

  /**
   * Runs an invocation; the environment must be idle.
   *
   * @param startedAt - when the invocation began (`performance.now()`), if that was before now
   */
  invoke(invocation: Invocation, startedAt = performance.now()): Promise<InvocationOutcome> {
    return new Promise((resolve) => {
      const initDurationMs = this.#initDurationMs;
      this.#initDurationMs = undefined;
      this.#running = { invocation, startedAt, resolve, ...(initDurationMs === undefined ? {} : { initDurationMs }) };
      this.log.beginTail();
      this.log.start(invocation.requestId, this.#spec.version);
      const leftMs = Math.max(0, this.#spec.timeoutSeconds * 1000 - (performance.now() - startedAt));
      this.#deadline = setTimeout(() => this.#timedOut(), leftMs);
      this.#host.memory.add(this);
      this.#api?.give(invocation, Date.now() + Math.round(leftMs));
    });
  }

  /** Ends an invocation that this environment never got to run: its initialization failed, or took all of its time. */
  failWithoutRunning(
    invocation: Invocation,
    result: InitResult & { ok: false },
    startedAt: number,
  ): Promise<InvocationOutcome> {
    return new Promise((resolve) => {
      this.#running = { invocation, startedAt, resolve };
      this.log.beginTail();
      this.log.start(invocation.requestId, this.#spec.version);
      this.#end(
        result.timedOut
          ? this.#timeoutEnding(invocation)
          : { payload: result.payload, errorType: result.errorType, status: "error" },
      );
    });
  }

  /** Told by the memory watch. */
  onMemory(bytes: number): void {
    this.#residentPeak = Math.max(this.#residentPeak, bytes);
    if (bytes > this.#spec.memorySizeMb * 1024 * 1024 && this.#running !== undefined) {
      this.#outOfMemory = true;
      this.#kill();
    }
  }

  /** Kills the process and everything that it started. */
  dispose(): void {
    if (this.#gone) {
      return;
    }
    this.#gone = true;
    clearTimeout(this.#deadline);
    this.#host.memory.delete(this);
    this.#kill();
    this.#api?.close();
    this.#releaseCredentials();
    this.#settleInit?.({
      ok: false,
      timedOut: false,
      ...this.#runtimeExit("Runtime exited without providing a reason"),
    });
    this.#settleInit = undefined;
    if (this.#running !== undefined) {
      this.#end({ status: "error", ...this.#runtimeExit("Runtime exited with error: signal: killed") });
    }
    this.log.flush();
    if (this.pid === 0) {
      // There never was a process whose end would be reported.
      this.#cleanUp();
    }
    this.#onGone(this);
  }

  #spawn(
    node: string,
    taskRoot: string,
    runtimeApi: string,
    credentials: Parameters<typeof environmentVariables>[1]["credentials"],
  ): void {
    const { env, nodeArguments } = environmentVariables(this.#spec, {
      region: this.#host.region,
      endpoint: this.#host.endpoint(),
      credentials,
      runtimeApi,
      taskRoot,
      node,
      temporary: this.#temporary,
      logStream: this.log.stream,
    });
    const child = spawn(node, [...nodeArguments, BOOTSTRAP], {
      cwd: taskRoot,
      env,
      // A session of its own: the whole group can be killed, and Ctrl-C in the terminal reaches local AWS only.
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    });
    this.#child = child;
    child.on("error", (error) => {
      const { errorType, payload } = invalidEntrypoint(`${node} cannot be started: ${error.message}`);
      this.#initFailed(errorType, payload);
    });
    child.on("exit", (code, signal) => this.#exited(code, signal));
    const [, , , control, frames] = child.stdio as unknown as [null, Readable, Readable, Writable, Readable];
    readLines(child.stdout as Readable, (line) => this.log.line(line));
    readLines(child.stderr as Readable, (line) => this.log.line(line));
    readFrames(frames, (line) => this.log.line(line));
    control.on("error", () => {});
    if (child.pid !== undefined) {
      // The reaper knows it before it may run any code of the function.
      this.#host.reaper.watch(child.pid);
      control.write("g");
    }
  }

  #next(): void {
    if (this.#settleInit !== undefined) {
      clearTimeout(this.#deadline);
      this.#initDurationMs = performance.now() - this.#initStartedAt;
      const settle = this.#settleInit;
      this.#settleInit = undefined;
      settle({ ok: true });
    } else if (this.#running !== undefined) {
      this.#asksForMore = true;
    } else {
      this.#becomeIdle();
    }
  }

  #becomeIdle(): void {
    this.#asksForMore = false;
    clearTimeout(this.#deadline);
    if (!this.#gone) {
      this.idleSince = Date.now();
      this.#onIdle(this);
    }
  }

  #answered(requestId: string, residentBytes: number, ending: Ending): void {
    if (this.#running?.invocation.requestId !== requestId || this.#outOfMemory) {
      return;
    }
    this.#residentPeak = Math.max(this.#residentPeak, residentBytes);
    const running = this.#running;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.dispose(), ASKS_FOR_MORE_WITHIN_MS);
    // The lines were in their pipes before the answer was in its socket: one turn of the loop later they have all been read.
    setImmediate(() =>
      setImmediate(() => {
        if (this.#running === running) {
          this.#end(ending);
        }
      }),
    );
  }

  #initFailed(errorType: string, payload: Uint8Array): void {
    const settle = this.#settleInit;
    if (settle === undefined) {
      return;
    }
    this.#settleInit = undefined;
    setImmediate(() =>
      setImmediate(() => {
        this.log.initReport(performance.now() - this.#initStartedAt, "error", errorType);
        settle({ ok: false, timedOut: false, errorType, payload });
      }),
    );
  }

  #initTimedOut(): void {
    const settle = this.#settleInit;
    this.#settleInit = undefined;
    this.log.initReport(performance.now() - this.#initStartedAt, "timeout");
    this.#kill();
    settle?.({ ok: false, timedOut: true });
  }

  #timedOut(): void {
    if (this.#running !== undefined) {
      this.#kill();
      this.#end(this.#timeoutEnding(this.#running.invocation));
      this.dispose();
    }
  }

  #timeoutEnding(invocation: Invocation): Ending {
    const seconds = this.#spec.timeoutSeconds.toFixed(2);
    const text = `${new Date(this.#host.clock.now()).toISOString()} ${invocation.requestId} Task timed out after ${seconds} seconds`;
    return {
      payload: Buffer.from(JSON.stringify({ errorMessage: text })),
      errorType: "Sandbox.Timedout",
      status: "timeout",
      text: `${text}\n`,
    };
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    const group = this.pid;
    // What it left behind in its group goes with it.
    this.#kill();
    this.#host.reaper.forget(group);
    this.#cleanUp();
    const exit = this.#runtimeExit(exitReason(code, signal));
    setImmediate(() =>
      setImmediate(() => {
        this.#initFailed(exit.errorType, exit.payload);
        if (this.#running !== undefined) {
          const errorType = this.#outOfMemory ? "Runtime.OutOfMemory" : exit.errorType;
          this.#end({ payload: exit.payload, errorType, status: "error", text: `${exit.message}\n${exit.errorType}` });
        }
        this.dispose();
      }),
    );
  }

  #runtimeExit(reason: string): RuntimeFailure {
    return runtimeExit(reason, this.#running?.invocation.requestId);
  }

  #end(ending: Ending): void {
    const running = this.#running;
    if (running === undefined) {
      return;
    }
    this.#running = undefined;
    this.#host.memory.delete(this);
    const { timeoutSeconds, memorySizeMb } = this.#spec;
    const elapsed = performance.now() - running.startedAt;
    const durationMs = ending.status === "timeout" ? timeoutSeconds * 1000 : Math.min(elapsed, timeoutSeconds * 1000);
    const peakBytes = Math.max(this.#residentPeak, this.#gone ? 0 : peakMemory(this.pid));
    this.#residentPeak = peakBytes;
    if (ending.text !== undefined) {
      this.log.failure(ending.text);
    }
    this.log.report({
      requestId: running.invocation.requestId,
      durationMs,
      // Since August 2025 the initialization is billed too.
      billedMs: Math.ceil(durationMs + (running.initDurationMs ?? 0)),
      memorySizeMb,
      maxMemoryUsedMb: Math.min(memorySizeMb, Math.ceil(peakBytes / (1024 * 1024))),
      ...(running.initDurationMs === undefined ? {} : { initDurationMs: running.initDurationMs }),
      status: ending.status,
      ...(ending.errorType === undefined ? {} : { errorType: ending.errorType }),
    });
    const logTail = this.log.endTail();
    this.log.flush();
    running.resolve({
      payload: ending.payload,
      durationMs,
      logTail,
      ...(ending.errorType === undefined ? {} : { errorType: ending.errorType }),
    });
    if (this.#asksForMore) {
      this.#becomeIdle();
    }
  }

  #kill(): void {
    const { pid } = this;
    if (pid !== 0) {
      try {
        process.kill(-pid, "SIGKILL");
      } catch {
        // Nobody is left in the group.
      }
    }
  }

  #cleanUp(): void {
    this.#settleExited();
    if (this.#temporary !== "") {
      rmSync(this.#temporary, { recursive: true, force: true });
    }
  }
}
