import { randomBytes } from "node:crypto";
import {
  type Json,
  placeholdersIn,
  type SmokeResult,
  type SmokeScenario,
  type SmokeStep,
  type SmokeStepResult,
  type SmokeThrough,
} from "@slipway/contracts";
import { assertNotInterrupted } from "./assert-not-interrupted.ts";
import type { Clock } from "./ports/clock.ts";
import type { HttpClient, HttpResponse } from "./ports/http-client.ts";
import { ReleaseError } from "./release-error.ts";
import { fillJson, fillText } from "./smoke/fill-placeholders.ts";
import { judgeResponse, parseJson } from "./smoke/judge-response.ts";
import { readJsonPointer } from "./smoke/read-json-pointer.ts";

export interface SmokePorts {
  http: HttpClient;
  clock: Clock;
}

export interface SmokeOptions {
  /** Gets each step's result as soon as it is there. */
  onStep?(result: SmokeStepResult): void;
  signal?: AbortSignal;
  /** The value of `{runId}`; random unless given. */
  runId?: string;
  /** Which way the API is asked: `gateway`, unless given. Steps for the other way are left out, visibly. */
  through?: SmokeThrough;
}

const pauseMs = 250;
/** How often a request is sent in all that may be repeated, and is not answered. */
const mostSends = 3;
/** Methods that change nothing (RFC 9110, section 9.2.1). */
const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Runs a scenario against an API.
 *
 * Every answer is judged: a request is sent again only where a scenario asks for it (`ready` waits for the first 200, and
 * `eventuallyWithinSeconds` asks a GET again while the content is not there yet), or where no answer came at all to one that may be
 * repeated: it changes nothing, has an `Idempotency-Key`, or cleans up. How often it was sent is in the result. A step that needs a value which an earlier
 * step did not yield is skipped, and so is everything once the API does not answer at all. Cleanup always runs, after an
 * interruption too; what it cannot clean up fails the run.
 *
 * @param baseUrl URL that the scenario's paths are appended to
 * @throws {ReleaseError} `interrupted`, after the cleanup, when asked to stop
 */
export async function runSmokeTests(
  ports: SmokePorts,
  baseUrl: string,
  scenario: SmokeScenario,
  { onStep = () => undefined, signal, runId = randomBytes(5).toString("hex"), through = "gateway" }: SmokeOptions = {},
): Promise<SmokeResult> {
  const startedAt = ports.clock.now();
  const run = new SmokeRun(ports, baseUrl.replace(/\/+$/, ""), scenario.timeoutSeconds * 1000, runId, signal);
  const steps: SmokeStepResult[] = [];
  const cleanup: SmokeStepResult[] = [];
  const keep = (results: SmokeStepResult[], result: SmokeStepResult) => {
    results.push(result);
    onStep(result);
  };

  if (scenario.ready !== undefined) {
    keep(steps, await run.waitForReady(scenario.ready));
  }
  const isForOtherWay = (step: SmokeStep) => step.through !== undefined && step.through !== through;
  for (const step of scenario.steps) {
    keep(steps, isForOtherWay(step) ? leftOut(step) : await run.runStep(step));
  }
  for (const step of scenario.cleanup) {
    if (!isForOtherWay(step) && run.hasCaptured(step)) {
      keep(cleanup, await run.cleanUp(step));
    }
  }
  const left = cleanup.filter(({ outcome }) => outcome !== "passed");
  assertNotInterrupted(
    signal,
    left.length === 0
      ? "in the middle of the smoke test; what it had made is cleaned up"
      : `in the middle of the smoke test; NOT cleaned up: ${left.map(({ request, message }) => `${request} (${message})`).join(", ")}`,
    left.length === 0 ? "type the same command again: it begins anew" : "clean that up by hand, then begin anew",
  );

  const made = [...steps, ...cleanup].filter(({ outcome }) => outcome !== "left-out");
  const passed = made.length > 0 && made.every(({ outcome }) => outcome === "passed");
  return { passed, steps, cleanup, durationMs: ports.clock.now() - startedAt };
}

function leftOut({ name, method, path, through }: SmokeStep): SmokeStepResult {
  const message =
    through === "gateway" ? "only the gateway answers it" : "only a version is asked it, past the gateway";
  return { name, request: `${method} ${path}`, outcome: "left-out", durationMs: 0, attempts: 0, message };
}

class SmokeRun {
  readonly #ports: SmokePorts;
  readonly #baseUrl: string;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #captures: Map<string, Json>;
  /** Why nothing is asked any more. */
  #silence: string | undefined;

  constructor(ports: SmokePorts, baseUrl: string, timeoutMs: number, runId: string, signal: AbortSignal | undefined) {
    this.#ports = ports;
    this.#baseUrl = baseUrl;
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
    this.#captures = new Map([["runId", runId]]);
  }

  hasCaptured(step: SmokeStep): boolean {
    return this.#missing(step).length === 0;
  }

  async waitForReady({ path, withinSeconds }: NonNullable<SmokeScenario["ready"]>): Promise<SmokeStepResult> {
    const name = "the API answers";
    const request = `GET ${path}`;
    const step: SmokeStep = { name, method: "GET", path, expect: { status: 200 } };
    const { clock } = this.#ports;
    const startedAt = clock.now();
    for (let attempts = 1; ; attempts += 1) {
      const { status, message } = await this.#ask(step);
      const durationMs = clock.now() - startedAt;
      if (message === undefined) {
        return { name, request, outcome: "passed", status, durationMs, attempts };
      }
      if (durationMs >= withinSeconds * 1000 || this.#signal?.aborted) {
        this.#silence = `the API did not get ready`;
        return {
          ...{ name, request, outcome: "failed", status, durationMs, attempts },
          message: `no status 200 within ${withinSeconds} s; the last time: ${message}`,
        };
      }
      await clock.sleep(pauseMs, this.#signal);
    }
  }

  async runStep(step: SmokeStep): Promise<SmokeStepResult> {
    const missing = this.#missing(step);
    const reason =
      (this.#signal?.aborted ? "the smoke test was stopped" : this.#silence) ??
      (missing.length > 0 ? `no step before it yielded ${missing.map((each) => `{${each}}`).join(", ")}` : undefined);
    if (reason !== undefined) {
      return this.#skipped(step, reason);
    }
    const result = await this.#runAsked(step);
    if (result.status === undefined) {
      this.#silence = `the API did not answer "${step.name}"`;
    }
    return result;
  }

  /** Like any step, but never skipped, and repeated without an answer: whatever happened before, what was made has to go. */
  cleanUp(step: SmokeStep): Promise<SmokeStepResult> {
    return this.#runAsked(step, true);
  }

  async #runAsked(step: SmokeStep, mayRepeat = isRepeatable(step)): Promise<SmokeStepResult> {
    const { clock } = this.#ports;
    const startedAt = clock.now();
    const endsAt = startedAt + (step.eventuallyWithinSeconds ?? 0) * 1000;
    const { name } = step;
    const request = `${step.method} ${this.#path(step)}`;
    for (let attempts = 1; ; attempts += 1) {
      const { status, message, late } = await this.#ask(step);
      const durationMs = clock.now() - startedAt;
      if (message === undefined) {
        return { name, request, outcome: "passed", status, durationMs, attempts };
      }
      const isWorthAnother = status === undefined ? mayRepeat && attempts < mostSends : late && clock.now() < endsAt;
      if (!isWorthAnother || this.#signal?.aborted) {
        return { name, request, outcome: "failed", status, durationMs, attempts, message };
      }
      await clock.sleep(pauseMs, this.#signal);
    }
  }

  /** Sends a step's request once, judges the answer, and takes from it what later steps need. */
  async #ask(step: SmokeStep): Promise<{ status?: number; message?: string; late: boolean }> {
    let response: HttpResponse;
    const { clock } = this.#ports;
    const sentAt = clock.now();
    try {
      response = await this.#ports.http.send(this.#request(step));
    } catch (error) {
      if (error instanceof ReleaseError) {
        return { message: `${error.what}: ${error.why}`, late: false };
      }
      throw error;
    }
    const { status } = response;
    // Before the judgement: what was made by a step that failed has to be found by the cleanup.
    const missing = this.#capture(step, response);
    const judgement = judgeResponse(step.expect, response, this.#captures);
    if (!judgement.fits) {
      return { status, message: judgement.message, late: judgement.late };
    }
    if (missing !== undefined) {
      return { status, message: missing, late: false };
    }
    const [tookMs, { withinMs }] = [clock.now() - sentAt, step.expect];
    const isSlow = withinMs !== undefined && tookMs > withinMs;
    return isSlow
      ? { status, message: `expected an answer within ${withinMs} ms, it took ${tookMs} ms`, late: false }
      : { status, late: false };
  }

  #capture({ capture = {} }: SmokeStep, { headers, body }: HttpResponse): string | undefined {
    let missing: string | undefined;
    for (const [name, source] of Object.entries(capture)) {
      const value =
        "header" in source ? headers[source.header.toLowerCase()] : readJsonPointer(parseJson(body), source.json);
      if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
        this.#captures.set(name, value);
      } else {
        const place = "header" in source ? `the header ${source.header}` : `the body at ${source.json}`;
        missing ??= `${name} is captured from ${place}, where there is no text or number`;
      }
    }
    return missing;
  }

  #request(step: SmokeStep) {
    const headers = Object.fromEntries(
      Object.entries(step.headers ?? {}).map(([name, text]) => [name, fillText(text, this.#captures)]),
    );
    const hasType = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
    return {
      method: step.method,
      url: this.#baseUrl + this.#path(step),
      headers: step.body === undefined || hasType ? headers : { ...headers, "Content-Type": "application/json" },
      body: step.body === undefined ? undefined : JSON.stringify(fillJson(step.body, this.#captures)),
      timeoutMs: this.#timeoutMs,
    };
  }

  #path({ path }: SmokeStep): string {
    return fillText(path, this.#captures, encodeURIComponent);
  }

  #missing({ capture, ...texts }: SmokeStep): string[] {
    return placeholdersIn(texts).filter((name) => !this.#captures.has(name));
  }

  #skipped({ name, method, path }: SmokeStep, message: string): SmokeStepResult {
    return { name, request: `${method} ${path}`, outcome: "skipped", durationMs: 0, attempts: 0, message };
  }
}

/** Whether a request may arrive twice. `Idempotency-Key`: draft-ietf-httpapi-idempotency-key-header. */
function isRepeatable({ method, headers = {} }: SmokeStep): boolean {
  return safeMethods.has(method) || Object.keys(headers).some((name) => name.toLowerCase() === "idempotency-key");
}
