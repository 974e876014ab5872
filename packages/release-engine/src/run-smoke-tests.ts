import { randomBytes } from "node:crypto";
import {
  type Json,
  placeholdersIn,
  type SmokeResult,
  type SmokeScenario,
  type SmokeStep,
  type SmokeStepResult,
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
}

const pauseMs = 250;

/**
 * Runs a scenario against an API.
 *
 * Every request is sent once, with two exceptions that a scenario has to ask for: `ready` waits for the first 200, and
 * `eventuallyWithinSeconds` asks a GET again while the content is not there yet. A step that needs a value which an earlier
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
  { onStep = () => undefined, signal, runId = randomBytes(5).toString("hex") }: SmokeOptions = {},
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
  for (const step of scenario.steps) {
    keep(steps, await run.runStep(step));
  }
  for (const step of scenario.cleanup) {
    if (run.hasCaptured(step)) {
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

  const passed = [...steps, ...cleanup].every(({ outcome }) => outcome === "passed");
  return { passed, steps, cleanup, durationMs: ports.clock.now() - startedAt };
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

  /** Like any step, but never skipped: whatever happened before, what was made has to go. */
  cleanUp(step: SmokeStep): Promise<SmokeStepResult> {
    return this.#runAsked(step);
  }

  async #runAsked(step: SmokeStep): Promise<SmokeStepResult> {
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
      if (!late || clock.now() >= endsAt || this.#signal?.aborted) {
        return { name, request, outcome: "failed", status, durationMs, attempts, message };
      }
      await clock.sleep(pauseMs, this.#signal);
    }
  }

  /** Sends a step's request once, judges the answer, and takes from it what later steps need. */
  async #ask(step: SmokeStep): Promise<{ status?: number; message?: string; late: boolean }> {
    let response: HttpResponse;
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
    return missing === undefined ? { status, late: false } : { status, message: missing, late: false };
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
