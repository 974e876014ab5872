import { createHash } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import { type ChecksumName, checksumOf, compositeChecksum, givenChecksum } from "./checksum.ts";
import type { MultipartUpload, UploadedPart } from "./multipart-upload.ts";
import type { StoredChecksum } from "./object-version.ts";
import { invalidRequest } from "./s3-errors.ts";

/** The entity tag of a multipart object: the MD5 of its parts' MD5s, and their number. */
export function multipartEtag(parts: readonly UploadedPart[]): string {
  const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, "hex")));
  return `${createHash("md5").update(digests).digest("hex")}-${parts.length}`;
}

/**
 * The checksum type of a new upload: as asked, else the algorithm's own.
 *
 * @throws AwsError `InvalidRequest` for a combination that S3 does not have
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function checksumTypeOf(algorithm: ChecksumName, asked: string | undefined): StoredChecksum["type"] {
  const fullOnly = algorithm === "CRC64NVME";
  const compositeOnly = !algorithm.startsWith("CRC");
  const type = asked ?? (fullOnly ? "FULL_OBJECT" : "COMPOSITE");
  if (type !== "FULL_OBJECT" && type !== "COMPOSITE") {
    throw invalidRequest("Value for x-amz-checksum-type header is invalid.");
  }
  if ((fullOnly && type === "COMPOSITE") || (compositeOnly && type === "FULL_OBJECT")) {
    throw invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return type;
}

/** The checksum of a completed upload. */
export function completedChecksum(
  { checksum: { algorithm, type } }: MultipartUpload,
  parts: readonly UploadedPart[],
  body: Uint8Array,
): StoredChecksum {
  const value =
    type === "COMPOSITE"
      ? compositeChecksum(
          algorithm,
          parts.map(({ checksum }) => checksum),
        )
      : checksumOf(algorithm, body);
  return { algorithm, type, value };
}

/**
 * Holds the checksum that a completion was sent with against the computed one.
 *
 * @throws AwsError `BadDigest` or `InvalidRequest`
 */
export function verifyCompleted(
  checksum: StoredChecksum,
  input: Parameters<typeof givenChecksum>[0] & { ChecksumType?: string | undefined },
): void {
  const given = givenChecksum(input);
  if (input.ChecksumType !== undefined && input.ChecksumType !== checksum.type) {
    throw invalidRequest(
      `The upload was created using the ${checksum.type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  if (given === undefined) {
    return;
  }
  // A composite value may come without its "-N".
  const fits = given.value === checksum.value || given.value === checksum.value.replace(/-\d+$/, "");
  if (given.algorithm !== checksum.algorithm || !fits) {
    throw new AwsError("BadDigest", `The ${given.algorithm} you specified did not match the calculated checksum.`, {
      status: 400,
    });
  }
}
