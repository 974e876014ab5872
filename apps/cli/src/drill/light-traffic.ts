import type { SmokeScenario } from "@slipway/contracts";
import { type Clock, type DrillTraffic, type HttpClient, runSmokeTests } from "@slipway/release-engine";

/** Pauses between two runs of the scenario: some requests a second, and most of the machine for what is measured. */
const PAUSE_MS = 100;
const SERVER_ERROR = 500;

/**
 * Lets users ask the API, one after the other, while something is done: the requests of the smoke test, again and again. Whether an answer is
 * the one that the scenario expects does not matter, because two releases may answer differently: whether there is one does.
 */
export async function underLightTraffic<T>(
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
  { url, scenario }: { readonly url: string; readonly scenario: SmokeScenario },
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly traffic: DrillTraffic }> {
  let requests = 0;
  let failed = 0;
  let firstFailure: string | undefined;
  const counting: HttpClient = {
    async send(request) {
      requests += 1;
      const fail = (why: string) => {
        failed += 1;
        firstFailure ??= `${request.method} ${new URL(request.url).pathname}: ${why}`;
      };
      try {
        const response = await http.send(request);
        if (response.status >= SERVER_ERROR) {
          fail(`answered with ${response.status}`);
        }
        return response;
      } catch (error) {
        fail(error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
  };
  const done = new AbortController();
  const { ready: _, ...steps } = scenario;
  const send = async () => {
    while (!done.signal.aborted) {
      // To its end, which deletes what it has made.
      await runSmokeTests({ http: counting, clock }, url, steps);
      await clock.sleep(PAUSE_MS, done.signal);
    }
  };
  const sending = send();
  const [worked, sent] = await Promise.allSettled([work().finally(() => done.abort()), sending]);
  if (worked.status === "rejected") {
    throw worked.reason;
  }
  if (sent.status === "rejected") {
    throw sent.reason;
  }
  return {
    value: worked.value,
    traffic: { requests, failed, ...(firstFailure === undefined ? {} : { firstFailure }) },
  };
}
