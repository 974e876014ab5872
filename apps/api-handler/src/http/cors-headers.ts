/**
 * The CORS headers of an answer.
 *
 * @param allowedOrigins origins such as `https://app.example.com`, or `*` for any; empty for none
 * @param origin the request's `Origin`
 * @param allow the methods of the path (the answer's `Allow`) when the request is a preflight
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function corsHeaders(
  allowedOrigins: readonly string[],
  origin: string | undefined,
  allow: string | undefined,
): Record<string, string> {
  if (allowedOrigins.length === 0) return {};
  const any = allowedOrigins.includes("*");
  // What is echoed is the configured string, so nothing that a client sent can reach the header.
  const allowed = any ? "*" : allowedOrigins.find((candidate) => candidate === origin);
  // Without Vary, a cache could hand the answer for one origin to another.
  const vary: Record<string, string> = any ? {} : { Vary: "Origin" };
  if (allowed === undefined) return vary;

  const headers = { ...vary, "Access-Control-Allow-Origin": allowed };
  if (allow === undefined)
    return { ...headers, "Access-Control-Expose-Headers": "ETag, Idempotent-Replayed, Location, Retry-After" };
  return {
    ...headers,
    "Access-Control-Allow-Methods": allow,
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match",
    "Access-Control-Max-Age": "600",
  };
}
