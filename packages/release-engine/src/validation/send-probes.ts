import type { ValidationProbe } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { Clock } from "../ports/clock.ts";
import type { HttpClient, HttpResponse } from "../ports/http-client.ts";
import { ReleaseError } from "../release-error.ts";
import { BEGINS_ANEW } from "./attempt.ts";
import type { Probe } from "./probes-of.ts";

const TIMEOUT_MS = 30_000;

/**
 * Sends each request once, one after the other. That no answer comes is a measurement, too.
 *
 * @param baseUrl URL that paths are appended to
 * @throws {ReleaseError} `interrupted` when asked to stop
 */
export async function sendProbes(
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
  baseUrl: string,
  probes: readonly Probe[],
  signal: AbortSignal | undefined,
): Promise<ValidationProbe[]> {
  const sent: ValidationProbe[] = [];
  for (const probe of probes) {
    assertNotInterrupted(signal, "while the API was asked; it was only read", BEGINS_ANEW);
    const { name, method, path, headers, expected, expectedCors } = probe;
    const startedAt = clock.now();
    const answer = await answerOf(http, { method, url: `${baseUrl.replace(/\/+$/, "")}${path}`, headers });
    const facts = { ...{ name, method, path }, expected: [...expected], expectedCors: { ...expectedCors } };
    const durationMs = Math.max(0, clock.now() - startedAt);
    sent.push(
      "why" in answer
        ? { ...facts, durationMs, status: null, requestId: null, cors: {}, why: answer.why }
        : {
            ...{ ...facts, durationMs, status: answer.status },
            // API Gateway's id of the request, which its access log and its event have.
            requestId: answer.headers["x-amzn-requestid"] ?? null,
            cors: Object.fromEntries(
              Object.entries(answer.headers).filter(([header]) => header.startsWith("access-control-")),
            ),
          },
    );
  }
  return sent;
}

async function answerOf(
  http: HttpClient,
  request: { readonly method: string; readonly url: string; readonly headers: Readonly<Record<string, string>> },
): Promise<HttpResponse | { readonly why: string }> {
  try {
    return await http.send({ ...request, timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (error instanceof ReleaseError) {
      return { why: `${error.what}: ${error.why}` };
    }
    throw error;
  }
}
