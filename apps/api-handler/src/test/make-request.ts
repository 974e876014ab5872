import type { ApiRequest } from "../http/api.ts";

/** A request for tests; a `body` that is not text or a buffer is sent as JSON. */
export function makeRequest(
  method: string,
  path: string,
  {
    headers = {},
    query = {},
    body,
  }: { headers?: Record<string, string>; query?: Record<string, string[]>; body?: unknown } = {},
): ApiRequest {
  const isBase64Encoded = Buffer.isBuffer(body);
  return {
    method,
    path,
    headers: new Map(
      Object.entries({ ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers }),
    ),
    query: new Map(Object.entries(query)),
    body: isBase64Encoded
      ? body.toString("base64")
      : body === undefined
        ? ""
        : typeof body === "string"
          ? body
          : JSON.stringify(body),
    isBase64Encoded,
  };
}
