import type { ProbeMeasurement } from "@slipway/analysis";
import type { EnvironmentConfig } from "@slipway/contracts";
import { assertNotInterrupted } from "../../assert-not-interrupted.ts";
import type { Clock } from "../../ports/clock.ts";
import type { HttpClient } from "../../ports/http-client.ts";
import { ReleaseError } from "../../release-error.ts";
import { type Probe, probesOf } from "../../validation/probes-of.ts";

/** One request that fails is one request that fails. */
const TRIES = 3;
const PAUSE_MS = 1_000;
/** All tries have to fit into the time that a source has to answer. API Gateway itself gives up after 29 s; who waits that long has gone. */
const TIMEOUT_MS = 8_000;

/** With what requests of our own are sent. */
export interface ProbePorts {
  readonly http: HttpClient;
  readonly clock: Pick<Clock, "now">;
  /** Waits between two tries, on the machine's clock. */
  readonly pause: Pick<Clock, "sleep">;
}

/**
 * Sends the requests of the configuration that only read, all at once, and again where an answer is not as it should be.
 *
 * @throws {ReleaseError} `interrupted` when asked to stop
 */
export function measureProbes(
  ports: ProbePorts,
  apiUrl: string,
  config: Pick<EnvironmentConfig, "smoke" | "validation">,
  signal: AbortSignal | undefined,
): Promise<readonly ProbeMeasurement[]> {
  return Promise.all(probesOf(config).map((probe) => measureProbe(ports, apiUrl, probe, signal)));
}

async function measureProbe(
  { http, clock, pause }: ProbePorts,
  apiUrl: string,
  probe: Probe,
  signal: AbortSignal | undefined,
): Promise<ProbeMeasurement> {
  const attempts: ProbeMeasurement["attempts"][number][] = [];
  for (let tries = 1; tries <= TRIES; tries += 1) {
    assertNotInterrupted(signal, "while the API was asked; it was only read");
    const attempt = await send(http, clock, apiUrl, probe);
    attempts.push(attempt);
    if (attempt.status !== null && probe.expected.includes(attempt.status)) {
      break;
    }
    if (tries < TRIES) {
      await pause.sleep(PAUSE_MS, signal);
    }
  }
  return { name: `${probe.method} ${probe.path}`, expected: probe.expected, attempts };
}

async function send(
  http: HttpClient,
  clock: Pick<Clock, "now">,
  apiUrl: string,
  { method, path, headers }: Probe,
): Promise<ProbeMeasurement["attempts"][number]> {
  const startedAt = clock.now();
  const durationMs = () => Math.max(0, clock.now() - startedAt);
  try {
    const url = `${apiUrl.replace(/\/+$/, "")}${path}`;
    const { status } = await http.send({ method, url, headers, timeoutMs: TIMEOUT_MS });
    return { status, durationMs: durationMs() };
  } catch (error) {
    if (error instanceof ReleaseError) {
      return { status: null, durationMs: durationMs(), why: `${error.what}: ${error.why}` };
    }
    throw error;
  }
}
