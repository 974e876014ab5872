import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { GatewayError } from "./gateway-error.ts";

/**
 * The body of a compressed request, unpacked, where the API has compression on.
 *
 * @throws GatewayError 415 for an encoding that API Gateway does not take, 400 for a body that is not so encoded
 */
export function decodeBody(body: Uint8Array, encoding: string | undefined): Uint8Array {
  const name = (encoding ?? "identity").trim().toLowerCase();
  try {
    switch (name) {
      case "identity":
      case "":
        return body;
      case "gzip":
        return gunzipSync(body);
      case "deflate":
        return inflateSync(body);
      default:
        throw new GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type");
    }
  } catch (error) {
    if (error instanceof GatewayError) {
      throw error;
    }
    throw new GatewayError("DEFAULT_4XX", "Invalid compressed request body");
  }
}

/**
 * Compresses an answer that is at least as large as the API's threshold, if the caller takes gzip or deflate.
 *
 * Source: Amazon API Gateway developer guide, "Payload compression for REST APIs in API Gateway".
 */
export function encodeBody(
  body: Uint8Array,
  threshold: number,
  accepted: string | undefined,
): { body: Uint8Array; encoding: string } | undefined {
  if (body.length < threshold || body.length === 0) {
    return undefined;
  }
  const encodings = (accepted ?? "").split(",").flatMap((entry) => {
    const [name = "", quality = "q=1"] = entry.trim().split(/\s*;\s*/);
    return /^q=0(\.0+)?$/.test(quality) ? [] : [name.toLowerCase()];
  });
  if (encodings.includes("gzip") || encodings.includes("*")) {
    return { body: gzipSync(body), encoding: "gzip" };
  }
  return encodings.includes("deflate") ? { body: deflateSync(body), encoding: "deflate" } : undefined;
}
