import type { ApiRequest } from "../api.ts";

/** A request for tests; a `body` that is not a buffer is sent as JSON. */
export function makeRequest(
  method: string,
  path: string,
  {
    headers = {},
    query = {},
    body,
  }: { headers?: Record<string, string>; query?: Record<string, string[]>; body?: unknown } = {},
): ApiRequest {
  return {
    method,
    path,
    headers: new Map(
      Object.entries({ ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers }),
    ),
    query: new Map(Object.entries(query)),
    body: Buffer.isBuffer(body) ? body : Buffer.from(body === undefined ? "" : JSON.stringify(body)),
  };
}
