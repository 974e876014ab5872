import type { HttpRequest } from "../../core/service.ts";

/** Where S3's virtual hosts end: at this machine, or at AWS's own names for clients that are sent here by a proxy or by DNS. */
const S3_HOST =
  /^(?:(?<bucket>.+)\.)?s3(?:[.-](?:dualstack\.)?[a-z]{2}(?:-[a-z]+)+-\d)?\.(?:localhost|amazonaws\.com)$/;
const LOCAL_HOST = /^(?<bucket>.+)\.localhost$/;

/**
 * Takes the bucket out of a request, from the host name (`bucket.s3.localhost:4566/key`) or else from the path
 * (`127.0.0.1:4566/bucket/key`), because the SDK's schemas route on the path without it.
 *
 * @returns the path that remains, still percent-encoded, and the bucket as `presetInput` (none for `ListBuckets`)
 */
export function bucketAddress(request: Pick<HttpRequest, "path" | "headers">): {
  path: string;
  presetInput?: Record<string, unknown>;
} {
  const host = (request.headers.host ?? "").toLowerCase().replace(/:\d+$/, "");
  const ofS3 = S3_HOST.exec(host);
  const fromHost = ofS3 === null ? LOCAL_HOST.exec(host)?.groups?.bucket : ofS3.groups?.bucket;
  if (fromHost !== undefined) {
    return { path: request.path === "" ? "/" : request.path, presetInput: { Bucket: fromHost } };
  }
  const [, bucket = "", rest = ""] = /^\/([^/]*)(.*)$/s.exec(request.path) ?? [];
  return bucket === ""
    ? { path: "/" }
    : { path: rest === "" ? "/" : rest, presetInput: { Bucket: bucket.includes("%") ? unescapeName(bucket) : bucket } };
}

/** No bucket's name needs escapes; one that is broken simply names no bucket. */
function unescapeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
