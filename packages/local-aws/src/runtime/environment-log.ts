import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../core/clock.ts";
import type { LogLine, LogSink } from "../core/ports.ts";
import type { FunctionSpec } from "./function-spec.ts";
import type { DecideLogAccess } from "./log-access.ts";

/** `LogType: Tail` gives this many bytes. */
const TAIL_BYTES = 4096;
/** Lines of an invocation that takes long become visible while it runs. */
const FLUSH_AFTER_MS = 100;

/** The measurements of an invocation's `REPORT` line. */
export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly memorySizeMb: number;
  readonly maxMemoryUsedMb: number;
  /** Present for the first invocation of an environment. */
  readonly initDurationMs?: number;
  readonly status: "success" | "error" | "timeout";
  readonly errorType?: string;
}

/**
 * The log of one execution environment: one stream, with the function's own lines and those that Lambda itself writes, in the
 * text or the JSON format. https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
 */
export class EnvironmentLog {
  readonly group: string;
  readonly stream: string;
  readonly #sink: LogSink;
  readonly #access: DecideLogAccess;
  readonly #roleArn: string;
  readonly #clock: Clock;
  readonly #json: boolean;
  readonly #onlyProblems: boolean;
  readonly #runtimeVersion: string;
  readonly #runtimeVersionArn: string;
  #pending: LogLine[] = [];
  #tail: string[] | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param access - what the execution role may do to the log; lines that it may not write are lost, as on AWS */
  constructor(sink: LogSink, access: DecideLogAccess, clock: Clock, spec: FunctionSpec, region: string) {
    this.#sink = sink;
    this.#access = access;
    this.#roleArn = spec.roleArn;
    this.#clock = clock;
    this.group = spec.logging.group;
    const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
    this.stream = `${day}/[${spec.version}]${randomBytes(16).toString("hex")}`;
    this.#json = spec.logging.format === "JSON";
    this.#onlyProblems = this.#json && spec.logging.systemLevel === "WARN";
    this.#runtimeVersion = `${spec.runtime.replace(/\.x$/, "").replace("nodejs", "nodejs:")}.v1`;
    this.#runtimeVersionArn = runtimeVersionArn(region, spec.runtime);
  }

  /** A line of the function. */
  line(message: string): void {
    this.#add(message);
  }

  initStart(): void {
    this.#platform(
      "platform.initStart",
      {
        initializationType: "on-demand",
        phase: "init",
        runtimeVersion: this.#runtimeVersion,
        runtimeVersionArn: this.#runtimeVersionArn,
      },
      `INIT_START Runtime Version: ${this.#runtimeVersion}\tRuntime Version ARN: ${this.#runtimeVersionArn}`,
    );
  }

  /** The initialization failed; successful ones are part of the first `REPORT`. */
  initReport(durationMs: number, status: "error" | "timeout", errorType?: string): void {
    const error = errorType === undefined ? "" : `\tError Type: ${errorType}`;
    this.#platform(
      "platform.initReport",
      { initializationType: "on-demand", phase: "init", status, errorType, metrics: { durationMs: round(durationMs) } },
      `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms\tPhase: init\tStatus: ${status}${error}`,
      true,
    );
  }

  start(requestId: string, version: string): void {
    this.#platform("platform.start", { requestId, version }, `START RequestId: ${requestId} Version: ${version}`);
  }

  /** What Lambda says between the function's lines and `END`: a timeout, or the death of the runtime. */
  failure(text: string): void {
    if (!this.#json) {
      this.#add(text);
    }
  }

  report(report: Report): void {
    const { requestId, durationMs, billedMs, memorySizeMb, maxMemoryUsedMb, initDurationMs, status, errorType } =
      report;
    if (this.#json) {
      const metrics = {
        durationMs: round(durationMs),
        billedDurationMs: billedMs,
        memorySizeMB: memorySizeMb,
        maxMemoryUsedMB: maxMemoryUsedMb,
        ...(initDurationMs === undefined ? {} : { initDurationMs: round(initDurationMs) }),
      };
      this.#platform("platform.report", { requestId, metrics, status, errorType }, "", status !== "success");
      return;
    }
    this.#add(`END RequestId: ${requestId}`);
    const fields = [
      `REPORT RequestId: ${requestId}`,
      `Duration: ${durationMs.toFixed(2)} ms`,
      `Billed Duration: ${billedMs} ms`,
      `Memory Size: ${memorySizeMb} MB`,
      `Max Memory Used: ${maxMemoryUsedMb} MB`,
    ];
    if (initDurationMs !== undefined) {
      fields.push(`Init Duration: ${initDurationMs.toFixed(2)} ms`);
    }
    if (status !== "success") {
      fields.push(`Status: ${status}`);
    }
    if (status === "error" && errorType !== undefined) {
      fields.push(`Error Type: ${errorType}`);
    }
    this.#add(`${fields.join("\t")}\t`);
  }

  /** From now on lines belong to an invocation. */
  beginTail(): void {
    this.#tail = [];
  }

  /** The last 4 KB of the lines since {@link beginTail}. */
  endTail(): string {
    const bytes = Buffer.from((this.#tail ?? []).map((line) => `${line}\n`).join(""));
    this.#tail = undefined;
    return bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)).toString();
  }

  /** Hands all lines over to CloudWatch Logs. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length > 0) {
      const lines = this.#pending;
      this.#pending = [];
      const { write, createGroup } = this.#access(this.#roleArn, this.group, this.stream);
      if (write) {
        // A function is a process of this machine, and has its time: that of local AWS may have been moved since it started.
        const aheadMs = Math.round(this.#clock.now() - Date.now());
        this.#sink.append(this.group, this.stream, lines, { createGroup, ...(aheadMs === 0 ? {} : { aheadMs }) });
      }
    }
  }

  #platform(type: string, record: object, text: string, isProblem = false): void {
    if (!this.#json) {
      this.#add(text);
    } else if (isProblem || !this.#onlyProblems) {
      this.#add(JSON.stringify({ time: new Date(this.#clock.now()).toISOString(), type, record }));
    }
  }

  #add(message: string): void {
    this.#pending.push({ timestamp: this.#clock.now(), message });
    this.#tail?.push(message);
    if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.flush(), FLUSH_AFTER_MS);
      this.#timer.unref();
    }
  }
}

/** The ARN of the one version of each runtime that local AWS has. */
export function runtimeVersionArn(region: string, runtime: string): string {
  return `arn:aws:lambda:${region}::runtime:${createHash("sha256").update(`local-aws ${runtime}`).digest("hex")}`;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
