import { setTimeout as wait } from "node:timers/promises";
import packageJson from "../package.json" with { type: "json" };
import { type Backend, type GatewayTarget, openBackend } from "./backend.ts";
import { AwsError } from "./core/aws-error.ts";
import type { HttpRequest } from "./core/service.ts";
import { DataFolder, type Snapshot } from "./data-folder.ts";
import { CONTROL_PREFIX, type Health, handleControl } from "./endpoint/control-api.ts";
import { type HttpServer, listen, type Reply } from "./endpoint/http-server.ts";
import { faultError } from "./wire/faults.ts";

/** How local AWS is started. */
export interface LocalAwsOptions {
  /** Port on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** Folder that keeps the state; made where missing. */
  readonly dataDir: string;
  /** The Region to play; `us-east-1` by default. */
  readonly region?: string;
  /** The account to play: 12 digits. */
  readonly accountId?: string;
  /** Lines for the operator; silent by default. */
  readonly log?: (line: string) => void;
  /** Called when the control interface asks the process to stop. */
  readonly onStopRequested?: () => void;
}

/** A running local AWS. */
export interface LocalAws {
  readonly endpoint: string;
  readonly port: number;
  health(): Health;
  /** Throws all state away, atomically. */
  reset(): Promise<void>;
  saveSnapshot(name: string): Promise<Snapshot>;
  restoreSnapshot(name: string): Promise<void>;
  /** Moves the services' clock forward, in milliseconds, running what falls due. */
  advanceClock(milliseconds: number): Promise<void>;
  /** Stops listening, ends every child process, closes the store. */
  stop(): Promise<void>;
}

/** Why local AWS did not start; the message is for people and says what to type. */
export class LocalAwsError extends Error {
  override readonly name = "LocalAwsError";
}

export const DEFAULT_PORT = 4566;
export const DEFAULT_REGION = "us-east-1";
export const DEFAULT_ACCOUNT_ID = "000000000000";
const DRAIN_MS = 5_000;
const USER_REQUEST = /^\/restapis\/([a-z0-9]+)\/([^/]+)\/_user_request_(\/.*)?$/;
const EXECUTE_HOST = /^([a-z0-9]+)\.execute-api\.(?:[a-z0-9-]+\.)?localhost(?::\d+)?$/i;

/**
 * Starts local AWS on loopback.
 *
 * @throws LocalAwsError when the port is taken or another process has the data folder open
 * @throws StoreError when the data folder cannot be used
 */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const server = new LocalAwsServer(options);
  await server.start();
  return server;
}

class LocalAwsServer implements LocalAws {
  readonly #options: LocalAwsOptions;
  readonly #folder: DataFolder;
  readonly #startedAt = new Date().toISOString();
  #http: HttpServer | undefined;
  #backend: Backend | undefined;
  #inFlight = 0;
  /** Requests wait here while the state is being exchanged. */
  #gate: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: LocalAwsOptions) {
    this.#options = options;
    this.#folder = new DataFolder(options.dataDir);
  }

  async start(): Promise<void> {
    const holder = this.#folder.holder();
    if (holder !== undefined) {
      throw new LocalAwsError(
        `The data folder ${this.#folder.path} is in use by the local AWS on port ${holder.port} (process ${holder.pid}). Stop it with \`slipway local stop --port ${holder.port}\`, or start this one with another --data-dir DIR.`,
      );
    }
    // Listen before opening the store: of two that start at once on one port, only one may touch the folder.
    this.#gate = Promise.resolve();
    this.#http = await listen(this.#options.port, (request, signal) => this.#serve(request, signal)).catch(
      (cause: NodeJS.ErrnoException) => {
        throw listenError(this.#options.port, cause);
      },
    );
    try {
      this.#backend = await this.#open();
    } catch (error) {
      await this.#http.close();
      throw error;
    }
    this.#folder.claim({
      pid: process.pid,
      port: this.port,
      region: this.#region,
      startedAt: this.#startedAt,
      version: packageJson.version,
    });
    this.#gate = undefined;
  }

  get port(): number {
    return this.#http?.port ?? this.#options.port;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get #region(): string {
    return this.#options.region ?? DEFAULT_REGION;
  }

  get #accountId(): string {
    return this.#options.accountId ?? DEFAULT_ACCOUNT_ID;
  }

  health(): Health {
    const { clock } = this.#requireBackend();
    return {
      name: "local-aws",
      version: packageJson.version,
      pid: process.pid,
      endpoint: this.endpoint,
      region: this.#region,
      accountId: this.#accountId,
      dataDir: this.#folder.path,
      startedAt: this.#startedAt,
      clock: new Date(clock.now()).toISOString(),
      clockOffsetMs: clock.offsetMs,
    };
  }

  reset(): Promise<void> {
    return this.#exchange(() => this.#folder.reset());
  }

  saveSnapshot(name: string): Promise<Snapshot> {
    return this.#exchange(() => this.#folder.saveSnapshot(name));
  }

  restoreSnapshot(name: string): Promise<void> {
    return this.#exchange(() => this.#folder.restoreSnapshot(name));
  }

  advanceClock(milliseconds: number): Promise<void> {
    return this.#requireBackend().clock.advance(milliseconds);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await this.#http?.close();
    await this.#backend?.close();
    this.#backend = undefined;
    this.#folder.release();
  }

  #open(): Promise<Backend> {
    return openBackend({
      directory: this.#folder.state,
      requestLogFile: this.#folder.requestLog,
      accountId: this.#accountId,
      region: this.#region,
      endpoint: () => this.endpoint,
      log: this.#options.log ?? (() => {}),
    });
  }

  #requireBackend(): Backend {
    if (this.#backend === undefined) {
      throw new LocalAwsError("Local AWS is starting or stopping.");
    }
    return this.#backend;
  }

  /**
   * Holds new requests back, lets running ones end, closes everything, changes the folder, and opens it again. What fails
   * leaves the state as it was.
   */
  async #exchange<T>(change: () => T): Promise<T> {
    while (this.#gate !== undefined) {
      await this.#gate;
    }
    let open = (): void => {};
    this.#gate = new Promise((resolve) => {
      open = resolve;
    });
    try {
      const deadline = Date.now() + DRAIN_MS;
      while (this.#inFlight > 0 && Date.now() < deadline) {
        await wait(5);
      }
      await this.#backend?.close();
      this.#backend = undefined;
      try {
        return change();
      } finally {
        this.#backend = await this.#open();
      }
    } finally {
      this.#gate = undefined;
      open();
    }
  }

  async #serve(request: HttpRequest, signal: AbortSignal): Promise<Reply> {
    if (request.path.startsWith(CONTROL_PREFIX)) {
      // Not counted as in flight: it may itself be the one that waits for the others to end.
      return this.#control(request);
    }
    while (this.#gate !== undefined) {
      await this.#gate;
      if (this.#backend === undefined) {
        await wait(5);
      }
    }
    this.#inFlight++;
    try {
      const target = gatewayTarget(request);
      if (target !== undefined) {
        return await this.#serveApi(target, request);
      }
      const outcome = await this.#requireBackend().dispatcher.dispatch(request, signal);
      return outcome.kind === "cut" ? "cut" : outcome.response;
    } finally {
      this.#inFlight--;
    }
  }

  #control(request: HttpRequest): Promise<Reply> {
    return handleControl(
      {
        backend: () => this.#requireBackend(),
        health: () => this.health(),
        reset: () => this.reset(),
        snapshots: () => this.#folder.snapshots(),
        saveSnapshot: (name) => this.saveSnapshot(name),
        restoreSnapshot: (name) => this.restoreSnapshot(name),
        deleteSnapshot: (name) => this.#folder.deleteSnapshot(name),
        stop: () => this.#options.onStopRequested?.(),
      },
      request,
    );
  }

  /** Planted faults hit the requests to deployed APIs too, under the service name that IAM has for them. */
  async #serveApi(target: GatewayTarget, request: HttpRequest): Promise<Reply> {
    const { faults, gateway } = this.#requireBackend();
    const fault = faults.strike({
      service: "execute-api",
      operation: request.method,
      input: { apiId: target.apiId, stage: target.stage, path: target.path },
    });
    if (fault?.kind === "drop") {
      return "cut";
    }
    if (fault?.kind === "throttle" || fault?.kind === "error" || fault?.kind === "unavailable") {
      const { options, message } = faultError(fault.kind, "execute-api");
      return {
        status: options.status ?? 500,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ message }),
      };
    }
    if (fault?.kind === "delay") {
      await wait(fault.delayMs);
    }
    const response = await gateway.handle(target, request);
    return fault?.kind === "lost-answer" ? "cut" : response;
  }
}

/** The deployed API that a request is for: by host name as on AWS, or by path where names do not resolve. */
function gatewayTarget(request: HttpRequest): GatewayTarget | undefined {
  const byPath = USER_REQUEST.exec(request.path);
  if (byPath !== null) {
    return { apiId: byPath[1] ?? "", stage: byPath[2] ?? "", path: byPath[3] ?? "/" };
  }
  const byHost = EXECUTE_HOST.exec(request.headers["host"] ?? "");
  if (byHost === null) {
    return undefined;
  }
  const [, stage = "", ...rest] = request.path.split("/");
  return { apiId: (byHost[1] ?? "").toLowerCase(), stage, path: `/${rest.join("/")}` };
}

function listenError(port: number, cause: NodeJS.ErrnoException): Error {
  if (cause.code === "EADDRINUSE") {
    return new LocalAwsError(
      `Port ${port} on 127.0.0.1 is taken. \`slipway local status --port ${port}\` says whether a local AWS has it; start this one with another --port N.`,
      { cause },
    );
  }
  if (cause.code === "EACCES") {
    return new LocalAwsError(
      `Port ${port} needs more rights than this user has. Choose one above 1023 with --port N.`,
      {
        cause,
      },
    );
  }
  return new LocalAwsError(`Local AWS cannot listen on 127.0.0.1:${port} (${cause.code ?? cause.message}).`, { cause });
}

/** Kept for callers that tell expected failures from bugs. */
export function isExpectedFailure(error: unknown): error is Error {
  return (
    error instanceof LocalAwsError ||
    (error instanceof Error && error.name === "StoreError") ||
    error instanceof AwsError
  );
}
