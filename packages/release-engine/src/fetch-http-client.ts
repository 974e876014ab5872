import type { HttpClient } from "./ports/http-client.ts";
import { ReleaseError } from "./release-error.ts";

/** HTTP by the platform's `fetch`. */
export const fetchHttpClient: HttpClient = {
  async send({ method, url, headers, body, timeoutMs }) {
    try {
      const response = await fetch(url, {
        method,
        headers,
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      };
    } catch (error) {
      throw describe(error, `${method} ${url}`, timeoutMs);
    }
  },
};

function describe(error: unknown, request: string, timeoutMs: number): ReleaseError {
  if (error instanceof Error && error.name === "TimeoutError") {
    return new ReleaseError(
      {
        kind: "timeout",
        what: `${request} was not answered in time`,
        why: `no complete answer within ${timeoutMs / 1000} s`,
        next: "look into the function's log and the API's access log",
      },
      { cause: error },
    );
  }
  // `fetch failed` says nothing; the reason is in its cause.
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = reason instanceof Error && "code" in reason ? `${String(reason.code)}: ` : "";
  const why = reason instanceof Error ? `${code}${reason.message}` : String(reason);
  return new ReleaseError(
    {
      kind: "unreachable",
      what: `${request} got no answer`,
      why,
      next: "check that the URL is right and that its server runs",
    },
    { cause: error },
  );
}
