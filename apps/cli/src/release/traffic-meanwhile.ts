import type { SmokeScenario } from "@slipway/contracts";
import { type Clock, type HttpClient, ReleaseError, runSmokeTests } from "@slipway/release-engine";
import type { InEachStep } from "./fast-forward-clock.ts";

/** Runs at the same time: a client waits for its answers. */
const AT_ONCE = 4;
/**
 * So many that a canary's smallest share has something to say, and a checkpoint has enough to judge: an hour by the minute has 2,400, and a
 * day by the quarter of an hour 3,800.
 */
const REQUESTS_A_STEP = 40;

/** What has been sent so far. */
export interface TrafficSeen {
  requests: number;
  failures: number;
  firstFailure?: string;
}

/**
 * Users for an environment whose waits are passed over: the smoke test's requests, in each step, while nobody would send any. Each run
 * cleans up what it made, also when it is asked to stop.
 *
 * @param api URL of the API's stage; undefined as long as there is none
 */
export function trafficMeanwhile(
  ports: { readonly http: HttpClient; readonly clock: Clock },
  scenario: SmokeScenario,
  api: () => Promise<string | undefined>,
): { readonly inEachStep: InEachStep; readonly seen: TrafficSeen } {
  const seen: TrafficSeen = { requests: 0, failures: 0 };
  const perRun = Math.max(1, scenario.steps.length + scenario.cleanup.length);
  const runs = Math.ceil(REQUESTS_A_STEP / perRun);
  const runOnce = async (url: string, signal: AbortSignal | undefined) => {
    const result = await runSmokeTests(ports, url, scenario, signal === undefined ? {} : { signal });
    for (const { outcome, attempts, name, request, message } of [...result.steps, ...result.cleanup]) {
      seen.requests += attempts;
      if (outcome === "failed") {
        seen.failures += 1;
        seen.firstFailure ??= `"${name}" (${request}): ${message}`;
      }
    }
  };
  return {
    seen,
    async inEachStep({ signal }) {
      const url = await api();
      if (url === undefined) {
        return;
      }
      let left = runs;
      const worker = async () => {
        while (left > 0 && signal?.aborted !== true) {
          left -= 1;
          await runOnce(url, signal);
        }
      };
      const ends = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, runs) }, worker));
      const bad = ends.find((end) => end.status === "rejected");
      // Whoever sleeps sees by the signal that the sleep is over.
      if (bad !== undefined && !(bad.reason instanceof ReleaseError && bad.reason.kind === "interrupted")) {
        throw bad.reason;
      }
    },
  };
}
