import { gunzipSync } from "node:zlib";
import { AwsError } from "../core/aws-error.ts";
import type { HttpRequest } from "../core/service.ts";

/** Requests that may be compressed hold a megabyte or two on AWS; a few bytes must not become gigabytes here. */
const LARGEST_BODY = 64 * 1024 * 1024;
/** Most bodies in one piece. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * A request whose body is as it was before its client compressed it: SDKs send `PutMetricData` with more than 10 KB as gzip.
 * The Query protocol has its operation in the body, so that this comes before the signature, which is of the compressed body, is
 * verified: hence the bound. Other encodings are left alone.
 *
 * @throws AwsError `SerializationException` when the body is no gzip, or too much
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-compression.html
 */
export function decompress(request: HttpRequest): HttpRequest {
  if (request.headers["content-encoding"] !== "gzip") {
    return request;
  }
  try {
    // A millisecond at once. Off the main thread each piece of it would wait for a turn of a busy event loop.
    return {
      ...request,
      body: gunzipSync(request.body, { maxOutputLength: LARGEST_BODY, chunkSize: CHUNK_BYTES }),
    };
  } catch (cause) {
    throw new AwsError(
      "SerializationException",
      `The request body is not gzip, as its Content-Encoding says, or holds more than ${LARGEST_BODY} bytes.`,
      { status: 400, cause },
    );
  }
}
