import type { ApiRequest } from "./api.ts";
import { Problem } from "./problem.ts";

/** Far above any valid item: the longest fields together stay below it even when every character is escaped. */
const MAX_BODY_BYTES = 64 * 1024;
const MAX_DEPTH = 16;

/**
 * Reads the request's JSON body.
 *
 * @param mediaTypes the media types that are accepted, the preferred one first
 * @throws {Problem} 415, 413, or 400 when it is not JSON or nested deeper than any request needs
 */
export function readJsonBody(request: ApiRequest, mediaTypes: readonly string[]): unknown {
  const mediaType = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!mediaTypes.includes(mediaType)) {
    const accepted = mediaTypes.join(", ");
    throw new Problem("unsupported-media-type", `Send the body as ${mediaTypes.join(" or ")}.`, {
      errors: [{ detail: `Must be one of: ${accepted}`, header: "Content-Type" }],
      headers: request.method === "PATCH" ? { "Accept-Patch": accepted } : { Accept: accepted },
    });
  }
  if (request.body.length > MAX_BODY_BYTES) {
    throw new Problem("body-too-large", `The body may have ${MAX_BODY_BYTES} bytes; it has ${request.body.length}.`);
  }
  const value = parse(request.body);
  if (exceedsDepth(value, MAX_DEPTH)) {
    throw new Problem("malformed-request", `The body may be nested ${MAX_DEPTH} levels deep.`);
  }
  return value;
}

function parse(body: Buffer): unknown {
  if (body.length === 0) throw new Problem("malformed-request", "The body is empty; a JSON object is expected.");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    // The parser's own message quotes the body, so it is not passed on.
    throw new Problem("malformed-request", "The body is not JSON in UTF-8.", { cause });
  }
}

/** Recurses at most `limit` levels itself, so no input can exhaust the stack. */
function exceedsDepth(value: unknown, limit: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return limit === 0 || Object.values(value).some((child) => exceedsDepth(child, limit - 1));
}
