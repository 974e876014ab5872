import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import packageJson from "../package.json" with { type: "json" };
import { type Backend, type GatewayTarget, openBackend } from "./backend.ts";
import type { HttpRequest, HttpResponse } from "./core/service.ts";
import { DataFolder, type Snapshot } from "./data-folder.ts";
import { DEFAULT_ACCOUNT_ID, DEFAULT_REGION } from "./defaults.ts";
import { type Health, handleControl } from "./endpoint/control-api.ts";
import { CONTROL_PREFIX } from "./endpoint/control-prefix.ts";
import { isForeignPage } from "./endpoint/foreign-page.ts";
import { type HttpServer, listen, type Reply } from "./endpoint/http-server.ts";
import { RequestGate } from "./endpoint/request-gate.ts";
import { LocalAwsError } from "./local-aws-error.ts";
import type { LocalAws, LocalAwsOptions } from "./start-local-aws.ts";
import { type FaultRule, faultError } from "./wire/faults.ts";

/** How long requests that are under way may take to end before the state is exchanged. */
const DRAIN_MS = 5_000;
/** The same before a stop, when nobody waits for their answers any more. */
const STOP_PATIENCE_MS = 500;
const USER_REQUEST = /^\/restapis\/([a-z0-9]+)\/([^/]+)\/_user_request_(\/.*)?$/;
const EXECUTE_HOST = /^([a-z0-9]+)\.execute-api\.(?:[a-z0-9-]+\.)?localhost(?::\d+)?$/i;

/** Local AWS on its port: the socket, the data folder, and the backend that is exchanged behind them. */
export class LocalAwsServer implements LocalAws {
  readonly #options: LocalAwsOptions;
  readonly #folder: DataFolder;
  readonly #gate = new RequestGate();
  readonly #startedAt = new Date().toISOString();
  #http: HttpServer | undefined;
  #backend: Backend | undefined;
  /** Of the latest backend, so that health can be told while the state is being exchanged. */
  #clockOffsetMs: number | undefined;
  /** Why there is no backend. */
  #outage = "Local AWS is starting.";
  #stopped: Promise<void> | undefined;

  constructor(options: LocalAwsOptions) {
    this.#options = options;
    this.#folder = new DataFolder(options.dataDir);
  }

  /** Requests that come before the store is open wait at the gate. */
  async start(): Promise<void> {
    // Of two that start at once, only one may touch the folder.
    this.#folder.lock();
    try {
      await this.#gate.exclusively(0, async () => {
        this.#http = await this.#listen();
        this.#use(await this.#open());
      });
    } catch (error) {
      await this.#http?.close();
      this.#folder.release();
      throw error;
    }
    this.#folder.announce({
      pid: process.pid,
      port: this.port,
      region: this.#region,
      startedAt: this.#startedAt,
      version: packageJson.version,
    });
  }

  #listen(): Promise<HttpServer> {
    const { port } = this.#options;
    return listen(
      port,
      (request, signal) => this.#serve(request, signal),
      (error) => this.#log(`an answer could not be sent: ${error instanceof Error ? error.stack : String(error)}`),
    ).catch((cause: NodeJS.ErrnoException) => {
      throw listenError(port, cause);
    });
  }

  #log(line: string): void {
    this.#options.log?.(line);
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

  get #enforceIam(): boolean {
    return this.#options.enforceIam ?? true;
  }

  get #accountId(): string {
    return this.#options.accountId ?? DEFAULT_ACCOUNT_ID;
  }

  health(): Health {
    const clockOffsetMs = this.#backend?.clock.offsetMs ?? this.#clockOffsetMs;
    if (clockOffsetMs === undefined) {
      throw new LocalAwsError(this.#outage);
    }
    return {
      name: "local-aws",
      version: packageJson.version,
      pid: process.pid,
      endpoint: this.endpoint,
      region: this.#region,
      accountId: this.#accountId,
      dataDir: this.#folder.path,
      startedAt: this.#startedAt,
      clock: new Date(Date.now() + clockOffsetMs).toISOString(),
      clockOffsetMs,
      iam: this.#enforceIam ? "enforced" : "off",
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
    return this.#withBackend(({ clock }) => clock.advance(milliseconds));
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await this.#http?.close();
    await this.#gate.exclusively(STOP_PATIENCE_MS, async () => {
      await this.#backend?.close();
      this.#outage = "Local AWS has stopped.";
      this.#backend = undefined;
    });
    this.#folder.release();
  }

  #open(): Promise<Backend> {
    return openBackend({
      directory: this.#folder.state,
      requestLogFile: this.#folder.requestLog,
      accountId: this.#accountId,
      region: this.#region,
      enforceIam: this.#enforceIam,
      endpoint: () => this.endpoint,
      log: (line) => this.#log(line),
    });
  }

  #use(backend: Backend): void {
    this.#backend = backend;
    this.#clockOffsetMs = backend.clock.offsetMs;
  }

  #requireBackend(): Backend {
    if (this.#backend === undefined) {
      throw new LocalAwsError(this.#outage);
    }
    return this.#backend;
  }

  /** Does something with the backend that an exchange of the state has to wait for. */
  #withBackend<T>(work: (backend: Backend) => T | Promise<T>): Promise<T> {
    return this.#gate.pass(() => work(this.#requireBackend()));
  }

  /**
   * Holds new requests back, lets running ones end, closes everything, changes the folder, and opens it again. What fails
   * leaves the state as it was, and so does a new state that cannot be opened.
   */
  #exchange<T>(change: () => T): Promise<T> {
    return this.#gate.exclusively(DRAIN_MS, async () => {
      if (this.#stopped !== undefined) {
        throw new LocalAwsError("Local AWS is stopping.");
      }
      this.#clockOffsetMs = this.#backend?.clock.offsetMs ?? this.#clockOffsetMs;
      await this.#backend?.close();
      this.#backend = undefined;
      try {
        const result = change();
        this.#use(await this.#open());
        this.#folder.settle();
        return result;
      } catch (error) {
        if (this.#backend === undefined) {
          this.#folder.undo();
          await this.#reopen();
        }
        throw error;
      }
    });
  }

  async #reopen(): Promise<void> {
    try {
      this.#use(await this.#open());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#outage = `Local AWS has no state to work on: ${reason}`;
      this.#log(this.#outage);
    }
  }

  async #serve(request: HttpRequest, signal: AbortSignal): Promise<Reply> {
    const target = gatewayTarget(request);
    // Deployed APIs are for pages of everywhere; what may change this machine is not.
    if (target === undefined && isForeignPage(request.headers)) {
      return refusal(403, "AccessDenied", "Local AWS does not serve web pages of other hosts.");
    }
    if (target === undefined && request.path.startsWith(CONTROL_PREFIX)) {
      return this.#control(request);
    }
    try {
      return await this.#gate.pass(
        () => (target === undefined ? this.#serveAws(request, signal) : this.#serveApi(target, request)),
        this.#isNested(request),
      );
    } catch (error) {
      if (error instanceof LocalAwsError) {
        return refusal(503, "ServiceUnavailable", error.message);
      }
      throw error;
    }
  }

  /** The requests of functions belong to requests that are under way: who waits for those must let these through. */
  #isNested({ headers }: HttpRequest): boolean {
    const key = /Credential=(ASIA[A-Z0-9]+)\//.exec(headers.authorization ?? "")?.[1];
    return key !== undefined && this.#backend?.isFunctionKey(key) === true;
  }

  async #serveAws(request: HttpRequest, signal: AbortSignal): Promise<Reply> {
    const outcome = await this.#requireBackend().dispatcher.dispatch(request, signal);
    return outcome.kind === "cut" ? "cut" : outcome.response;
  }

  #control(request: HttpRequest): Promise<Reply> {
    return handleControl(
      {
        withBackend: (work) => this.#withBackend(work),
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
    const started = performance.now();
    const { faults, requests } = this.#requireBackend();
    const fault = faults.strike({
      service: "execute-api",
      operation: request.method,
      input: { apiId: target.apiId, stage: target.stage, path: target.path },
    });
    const reply = await this.#answerApi(target, request, fault);
    requests.add({
      time: new Date().toISOString(),
      requestId: reply === "cut" ? randomUUID() : String(reply.headers["x-amzn-requestid"] ?? randomUUID()),
      service: "execute-api",
      operation: `${request.method} ${target.apiId}/${target.stage}${target.path}`,
      status: reply === "cut" ? 0 : reply.status,
      durationMs: Math.round((performance.now() - started) * 1000) / 1000,
      fault: fault?.kind,
    });
    return reply;
  }

  async #answerApi(target: GatewayTarget, request: HttpRequest, fault: FaultRule | undefined): Promise<Reply> {
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
    const response = await this.#requireBackend().gateway.handle(target, request);
    return fault?.kind === "lost-answer" ? "cut" : response;
  }
}

/** The deployed API that a request is for: by host name as on AWS, or by path where names do not resolve. */
function gatewayTarget(request: HttpRequest): GatewayTarget | undefined {
  const byPath = USER_REQUEST.exec(request.path);
  if (byPath !== null) {
    return { apiId: byPath[1] ?? "", stage: byPath[2] ?? "", path: byPath[3] ?? "/" };
  }
  const byHost = EXECUTE_HOST.exec(request.headers.host ?? "");
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

function refusal(status: number, code: string, message: string): HttpResponse {
  return {
    status,
    headers: { "content-type": "application/json", "x-amzn-errortype": code },
    body: JSON.stringify({ __type: code, message }),
  };
}
