import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AwsError } from "../../core/aws-error.ts";
import { crc32c } from "./crc32c.ts";
import { crc64nvme } from "./crc64nvme.ts";
import type { StoredChecksum } from "./object-version.ts";
import { invalidRequest, notImplemented } from "./s3-errors.ts";

/** Checksum algorithms that local AWS computes. */
export type ChecksumName = "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256" | "SHA512" | "MD5";

/** What S3 uses for an object whose sender named none. */
export const DEFAULT_CHECKSUM: ChecksumName = "CRC64NVME";

const COMPUTE: Readonly<Record<ChecksumName, (bytes: Uint8Array) => Buffer>> = {
  CRC32: (bytes) => bigEndian32(crc32(bytes)),
  CRC32C: (bytes) => bigEndian32(crc32c(bytes)),
  CRC64NVME: crc64nvme,
  SHA1: (bytes) => createHash("sha1").update(bytes).digest(),
  SHA256: (bytes) => createHash("sha256").update(bytes).digest(),
  SHA512: (bytes) => createHash("sha512").update(bytes).digest(),
  MD5: (bytes) => createHash("md5").update(bytes).digest(),
};

/** Members of requests and answers that carry a checksum each. */
export interface ChecksumMembers {
  ChecksumCRC32?: string | undefined;
  ChecksumCRC32C?: string | undefined;
  ChecksumCRC64NVME?: string | undefined;
  ChecksumSHA1?: string | undefined;
  ChecksumSHA256?: string | undefined;
  ChecksumSHA512?: string | undefined;
  ChecksumMD5?: string | undefined;
}

const NAMES = Object.keys(COMPUTE) as ChecksumName[];
const REFUSED = ["ChecksumXXHASH64", "ChecksumXXHASH3", "ChecksumXXHASH128"] as const;

/** The base64 checksum of some bytes. */
export function checksumOf(algorithm: ChecksumName, bytes: Uint8Array): string {
  return COMPUTE[algorithm](bytes).toString("base64");
}

/** The checksum of checksums that S3 gives a multipart object of type COMPOSITE: base64 and `-N`. */
export function compositeChecksum(algorithm: ChecksumName, parts: readonly string[]): string {
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part, "base64")));
  return `${checksumOf(algorithm, joined)}-${parts.length}`;
}

/** Checks the name of an algorithm. */
export function checksumName(name: string | undefined): ChecksumName | undefined {
  if (name === undefined) {
    return undefined;
  }
  const found = NAMES.find((known) => known === name.toUpperCase());
  if (found === undefined) {
    throw notImplemented(`the checksum algorithm ${name}`);
  }
  return found;
}

/** The one checksum that a request carries, if any. */
export function givenChecksum(members: ChecksumMembers): { algorithm: ChecksumName; value: string } | undefined {
  const refused = REFUSED.find((name) => (members as Record<string, unknown>)[name] !== undefined);
  if (refused !== undefined) {
    throw notImplemented(`the checksum algorithm ${refused.slice("Checksum".length)}`);
  }
  const given = NAMES.flatMap((algorithm) => {
    const value = members[`Checksum${algorithm}`];
    return value === undefined ? [] : [{ algorithm, value }];
  });
  if (given.length > 1) {
    throw invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  }
  return given[0];
}

/**
 * Verifies what a request says about its body (`Content-MD5`, `x-amz-checksum-*`) and returns the checksum to keep:
 * the one given, else one of the named algorithm, else {@link DEFAULT_CHECKSUM}.
 *
 * @throws AwsError `BadDigest`, `InvalidDigest` or `InvalidRequest`
 */
export function verifyBody(
  body: Uint8Array,
  input: ChecksumMembers & { ContentMD5?: string | undefined; ChecksumAlgorithm?: string | undefined },
  fallback: ChecksumName = DEFAULT_CHECKSUM,
): StoredChecksum {
  verifyContentMd5(body, input.ContentMD5);
  const given = givenChecksum(input);
  const algorithm = given?.algorithm ?? checksumName(input.ChecksumAlgorithm) ?? fallback;
  const value = checksumOf(algorithm, body);
  if (given !== undefined && given.value !== value) {
    if (Buffer.from(given.value, "base64").length !== Buffer.from(value, "base64").length) {
      throw invalidRequest(`Value for x-amz-checksum-${algorithm.toLowerCase()} header is invalid.`);
    }
    throw new AwsError("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`, {
      status: 400,
    });
  }
  return { algorithm, value, type: "FULL_OBJECT" };
}

function verifyContentMd5(body: Uint8Array, contentMd5: string | undefined): void {
  if (contentMd5 === undefined) {
    return;
  }
  if (Buffer.from(contentMd5, "base64").length !== 16) {
    throw new AwsError("InvalidDigest", "The Content-MD5 you specified was invalid.", {
      status: 400,
      fields: { "Content-MD5": contentMd5 },
    });
  }
  const calculated = checksumOf("MD5", body);
  if (contentMd5 !== calculated) {
    throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.", {
      status: 400,
      fields: { ExpectedDigest: contentMd5, CalculatedDigest: calculated },
    });
  }
}

/** A stored checksum as members of an answer. */
export function checksumMembers(checksum: StoredChecksum): ChecksumMembers & { ChecksumType: StoredChecksum["type"] } {
  return { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };
}

function bigEndian32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
