import type { HttpRequest } from "../../core/service.ts";
import { type ChecksumMembers, verifyBody } from "./checksum.ts";
import type { S3Operations } from "./s3-sdk.ts";

/** Operations whose checksum headers are about an object: they judge them by themselves. */
const OWN_JUDGEMENT = new Set(["PutObject", "UploadPart", "CompleteMultipartUpload"]);
const HEADERS: Readonly<Record<string, keyof ChecksumMembers>> = {
  "x-amz-checksum-crc32": "ChecksumCRC32",
  "x-amz-checksum-crc32c": "ChecksumCRC32C",
  "x-amz-checksum-crc64nvme": "ChecksumCRC64NVME",
  "x-amz-checksum-sha1": "ChecksumSHA1",
  "x-amz-checksum-sha256": "ChecksumSHA256",
  "x-amz-checksum-sha512": "ChecksumSHA512",
  "x-amz-checksum-md5": "ChecksumMD5",
};

/**
 * Makes every operation with a document in its body verify that document against the checksum it was sent with.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function withVerifiedBodies(operations: S3Operations): S3Operations {
  type AnyOperation = (input: unknown, context: { http: HttpRequest }) => unknown;
  const wrapped = Object.entries(operations as Record<string, AnyOperation>).map(([name, operation]) => {
    const verified: AnyOperation = (input, context) => {
      verifyRequestBody(context.http);
      return operation(input, context);
    };
    return [name, OWN_JUDGEMENT.has(name) ? operation : verified];
  });
  return Object.fromEntries(wrapped) as S3Operations;
}

/**
 * Verifies `Content-MD5` and `x-amz-checksum-*` of a request.
 *
 * @throws AwsError `BadDigest`, `InvalidDigest` or `InvalidRequest`
 */
export function verifyRequestBody({ headers, body }: Pick<HttpRequest, "headers" | "body">): void {
  const given = Object.entries(HEADERS).filter(([header]) => headers[header] !== undefined);
  const contentMd5 = headers["content-md5"];
  if (given.length > 0 || contentMd5 !== undefined) {
    const members = Object.fromEntries(given.map(([header, member]) => [member, headers[header]]));
    verifyBody(body, { ...members, ...(contentMd5 === undefined ? {} : { ContentMD5: contentMd5 }) });
  }
}
