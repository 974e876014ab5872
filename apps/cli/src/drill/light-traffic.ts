import type { SmokeScenario } from "@slipway/contracts";
import { type Clock, type DrillTraffic, type HttpClient, runSmokeTests } from "@slipway/release-engine";

/** Pauses between two runs of the scenario: some requests a second, and most of the machine for what is measured. */
const PAUSE_MS = 100;
const CLIENT_ERROR = 400;
const SERVER_ERROR = 500;

/**
 * Lets users ask the API, one after the other, while something is done: the requests of the smoke test, again and again. What an answer says
 * does not matter, because two releases may answer differently: whether there is one does, and whether it is a refusal (4xx, such as 403 of
 * an authorizer, 404 of a gateway without its routes, 429 of a throttle) where the scenario expects none.
 */
export async function underLightTraffic<T>(
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
  { url, scenario }: { readonly url: string; readonly scenario: SmokeScenario },
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly traffic: DrillTraffic }> {
  let requests = 0;
  let failed = 0;
  let firstFailure: string | undefined;
  const fail = (at: string, why: string) => {
    failed += 1;
    firstFailure ??= `${at}: ${why}`;
  };
  const counting: HttpClient = {
    async send(request) {
      requests += 1;
      const at = `${request.method} ${new URL(request.url).pathname}`;
      try {
        const response = await http.send(request);
        if (response.status >= SERVER_ERROR) {
          fail(at, `answered with ${response.status}`);
        }
        return response;
      } catch (error) {
        fail(at, error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
  };
  const done = new AbortController();
  const { ready: _, ...steps } = scenario;
  const send = async () => {
    while (!done.signal.aborted) {
      // To its end, which deletes what it has made.
      const ran = await runSmokeTests({ http: counting, clock }, url, steps);
      for (const { request, status = 0, outcome, message } of [...ran.steps, ...ran.cleanup]) {
        if (outcome === "failed" && status >= CLIENT_ERROR && status < SERVER_ERROR) {
          fail(request, `refused with ${status}: ${message ?? "nobody says what was expected"}`);
        }
      }
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
