import { LIMITS } from "../items/limits.ts";
import type { ApiRequest } from "./api.ts";
import { pointerTo } from "./json-pointer.ts";
import { invalid, Problem } from "./problem.ts";

/** Far above any valid item: the longest fields together stay below it. */
const { bytes: MAX_BYTES, depth: MAX_DEPTH } = LIMITS.body;

/**
 * Reads the request's JSON body.
 *
 * @param mediaTypes the media types that are accepted, the preferred one first
 * @throws {Problem} 415, 413, or 400 when it is not JSON, nested deeper than any request needs, or has texts that are no Unicode
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
  const size = Buffer.byteLength(request.body, request.isBase64Encoded ? "base64" : "utf8");
  if (size > MAX_BYTES) {
    throw new Problem("body-too-large", `The body may have ${MAX_BYTES} bytes; it has ${size}.`);
  }
  if (size === 0) throw new Problem("malformed-request", "The body is empty; a JSON object is expected.");
  const value = parse(request);
  inspect(value, []);
  return value;
}

function parse({ body, isBase64Encoded }: ApiRequest): unknown {
  try {
    return JSON.parse(isBase64Encoded ? decodeUtf8(Buffer.from(body, "base64")) : body);
  } catch (cause) {
    // The parser's own message quotes the body, so it is not passed on.
    throw new Problem("malformed-request", "The body is not JSON in UTF-8.", { cause });
  }
}

function decodeUtf8(bytes: Buffer): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/** Recurses at most as deep as the limit, so no input can exhaust the stack. */
function inspect(value: unknown, path: readonly string[]): void {
  if (typeof value === "string") assertWellFormed(value, path);
  if (typeof value !== "object" || value === null) return;
  if (path.length === MAX_DEPTH) {
    throw new Problem("malformed-request", `The body may be nested ${MAX_DEPTH} levels deep.`);
  }
  for (const [name, member] of Object.entries(value)) {
    const place = [...path, name];
    assertWellFormed(name, place);
    inspect(member, place);
  }
}

/** Half of a surrogate pair is valid in JSON, but has no form in UTF-8, so no table and no client could have it. */
function assertWellFormed(text: string, path: readonly string[]): void {
  if (!text.isWellFormed()) {
    throw invalid("The body has", [{ detail: "Must not contain half of a surrogate pair", pointer: pointerTo(path) }]);
  }
}
