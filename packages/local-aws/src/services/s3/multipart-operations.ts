import type { CompletedPart } from "@aws-sdk/client-s3";
import { AwsError } from "../../core/aws-error.ts";
import type { RequestContext } from "../../core/service.ts";
import { byteRange } from "./byte-range.ts";
import {
  type ChecksumName,
  checksumMembers,
  checksumName,
  checksumOf,
  DEFAULT_CHECKSUM,
  givenChecksum,
  verifyBody,
} from "./checksum.ts";
import { dueAt, enabledRules, ruleCovers } from "./lifecycle-evaluation.ts";
import { checksumTypeOf, completedChecksum, multipartEtag, verifyCompleted } from "./multipart-checksum.ts";
import type { MultipartUpload, UploadedPart } from "./multipart-upload.ts";
import { checkCopyConditions } from "./object-conditions.ts";
import { encryptionMembers, encryptionOf } from "./object-encryption.ts";
import { objectHeaders, objectMetadata, storageClassOf } from "./object-headers.ts";
import { lockOf } from "./object-lock.ts";
import type { StoredChecksum } from "./object-version.ts";
import { invalidArgument, invalidRequest, malformedXml } from "./s3-errors.ts";
import type { S3Operations } from "./s3-sdk.ts";
import { newId, requireKey, type S3State, shownVersionId } from "./s3-state.ts";
import { tagsOfHeader } from "./tag-set.ts";
import { md5Hex, writeObject } from "./write-object.ts";
import { copySource, refuseUnsupported, writtenMembers } from "./write-operations.ts";

/** Smallest part that is not the last, in bytes. */
const SMALLEST_PART = 5 * 1024 * 1024;
const MOST_PARTS = 10_000;

/** Writing objects in parts; limits from https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export function multipartOperations(state: S3State) {
  return {
    CreateMultipartUpload(input) {
      const bucket = state.bucket(input);
      refuseUnsupported(input, bucket);
      const algorithm = checksumName(input.ChecksumAlgorithm);
      const upload: MultipartUpload = {
        bucket: bucket.name,
        key: requireKey(input.Key),
        id: newId(),
        initiated: state.now(),
        headers: objectHeaders(input),
        metadata: objectMetadata(input.Metadata),
        tags: tagsOfHeader(input.Tagging),
        storageClass: storageClassOf(input.StorageClass),
        encryption: encryptionOf(state, bucket, input),
        lock: lockOf(state, bucket, input),
        checksum: {
          algorithm: algorithm ?? DEFAULT_CHECKSUM,
          type: checksumTypeOf(algorithm ?? DEFAULT_CHECKSUM, input.ChecksumType),
          requested: algorithm !== undefined,
        },
      };
      state.uploads.put(uploadKey(upload), upload);
      const abort = enabledRules(bucket).find(
        (rule) => rule.AbortIncompleteMultipartUpload !== undefined && ruleCovers(rule, upload),
      );
      const days = abort?.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
      return {
        Bucket: bucket.name,
        Key: upload.key,
        UploadId: upload.id,
        ...encryptionMembers(upload.encryption),
        ...(algorithm === undefined ? {} : { ChecksumAlgorithm: algorithm, ChecksumType: upload.checksum.type }),
        ...(days === undefined ? {} : { AbortDate: new Date(dueAt(upload.initiated, days)), AbortRuleId: abort?.ID }),
      };
    },

    UploadPart(input) {
      const upload = findUpload(state, input);
      const number = partNumber(input.PartNumber);
      const body = input.Body ?? new Uint8Array();
      const checksum = verifyBody(body, input, upload.checksum.algorithm);
      const part = storePart(state, upload, number, body, checksum);
      return {
        ETag: `"${part.etag}"`,
        ...encryptionMembers(upload.encryption),
        ...partChecksum(checksum.algorithm, checksum.value),
      };
    },

    UploadPartCopy(input) {
      const upload = findUpload(state, input);
      const number = partNumber(input.PartNumber);
      const source = copySource(state, input.CopySource, input.ExpectedSourceBucketOwner);
      checkCopyConditions(source.object, {
        IfMatch: input.CopySourceIfMatch,
        IfNoneMatch: input.CopySourceIfNoneMatch,
        IfModifiedSince: input.CopySourceIfModifiedSince,
        IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
      });
      const whole = state.core.store.blobs.get(source.object.blob);
      const body = copiedBytes(whole, input.CopySourceRange);
      const { algorithm } = upload.checksum;
      const part = storePart(state, upload, number, body, verifyBody(body, {}, algorithm));
      return {
        CopyPartResult: {
          ETag: `"${part.etag}"`,
          LastModified: part.lastModified,
          ...(upload.checksum.requested ? partChecksum(algorithm, part.checksum) : {}),
        },
        CopySourceVersionId: shownVersionId(source.bucket, source.object),
        ...encryptionMembers(upload.encryption),
      };
    },

    CompleteMultipartUpload(input, context) {
      const bucket = state.bucket(input);
      const upload = findUpload(state, input);
      const parts = chosenParts(state, upload, input.MultipartUpload?.Parts ?? []);
      const body = Buffer.concat(parts.map(({ blob }) => state.core.store.blobs.get(blob)));
      if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== body.byteLength) {
        throw invalidRequest(
          `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${body.byteLength}`,
        );
      }
      const checksum = completedChecksum(upload, parts, body);
      verifyCompleted(checksum, input);
      const object = writeObject(
        state,
        bucket,
        body,
        {
          key: upload.key,
          etag: multipartEtag(parts),
          size: body.byteLength,
          headers: upload.headers,
          metadata: upload.metadata,
          storageClass: upload.storageClass,
          encryption: upload.encryption,
          checksum,
          parts: parts.map(({ size, checksum: value }, index) => ({ number: index + 1, size, checksum: value })),
          tags: upload.tags,
          lock: upload.lock,
        },
        input,
        () => removeUpload(state, upload),
      );
      return {
        Location: `${locationBase(context)}/${bucket.name}/${upload.key}`,
        Bucket: bucket.name,
        Key: upload.key,
        ETag: `"${object.etag}"`,
        ...checksumMembers(object.checksum),
        ...writtenMembers(bucket, object),
      };
    },

    AbortMultipartUpload(input) {
      const upload = findUpload(state, input);
      abortUpload(state, upload);
      return {};
    },

    ListParts(input) {
      const upload = findUpload(state, input);
      const after = Number(input.PartNumberMarker ?? 0);
      const limit = Math.min(input.MaxParts ?? 1000, 1000);
      const remaining = partsOf(state, upload).filter(({ number }) => number > after);
      const shown = remaining.slice(0, limit);
      const owner = state.owner();
      return {
        Bucket: upload.bucket,
        Key: upload.key,
        UploadId: upload.id,
        PartNumberMarker: String(after),
        NextPartNumberMarker: String(shown.at(-1)?.number ?? 0),
        MaxParts: limit,
        IsTruncated: remaining.length > shown.length,
        Initiator: owner,
        Owner: owner,
        StorageClass: upload.storageClass,
        ...(upload.checksum.requested
          ? { ChecksumAlgorithm: upload.checksum.algorithm, ChecksumType: upload.checksum.type }
          : {}),
        Parts: shown.map((part) => ({
          PartNumber: part.number,
          LastModified: part.lastModified,
          ETag: `"${part.etag}"`,
          Size: part.size,
          ...(upload.checksum.requested ? partChecksum(upload.checksum.algorithm, part.checksum) : {}),
        })),
      };
    },
  } satisfies S3Operations;
}

/** Where an upload is kept. */
export function uploadKey({ bucket, id }: Pick<MultipartUpload, "bucket" | "id">): string {
  return `${bucket}/${id}`;
}

/** Ends an upload and drops its parts. */
export function abortUpload(state: S3State, upload: MultipartUpload): void {
  state.dropBlobs(state.core.store.transaction(() => removeUpload(state, upload)));
}

function removeUpload(state: S3State, upload: MultipartUpload): string[] {
  const parts = partsOf(state, upload);
  for (const part of parts) {
    state.parts.delete(partKey(upload, part.number));
  }
  state.uploads.delete(uploadKey(upload));
  return parts.map(({ blob }) => blob);
}

function findUpload(
  state: S3State,
  input: {
    readonly Bucket?: string | undefined;
    readonly Key?: string | undefined;
    readonly UploadId?: string | undefined;
    readonly ExpectedBucketOwner?: string | undefined;
  },
): MultipartUpload {
  const bucket = state.bucket(input);
  const id = input.UploadId ?? "";
  const upload = state.uploads.get(uploadKey({ bucket: bucket.name, id }));
  if (upload === undefined || upload.key !== input.Key) {
    throw new AwsError(
      "NoSuchUpload",
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
      { status: 404, fields: { UploadId: id } },
    );
  }
  return upload;
}

function partsOf(state: S3State, upload: MultipartUpload): UploadedPart[] {
  return state.parts.values(`${uploadKey(upload)}/`);
}

function partKey(upload: MultipartUpload, number: number): string {
  return `${uploadKey(upload)}/${String(number).padStart(5, "0")}`;
}

function partNumber(value: number | undefined): number {
  if (value === undefined || !Number.isInteger(value) || value < 1 || value > MOST_PARTS) {
    throw invalidArgument(
      `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`,
      "partNumber",
      String(value),
    );
  }
  return value;
}

function storePart(
  state: S3State,
  upload: MultipartUpload,
  number: number,
  body: Uint8Array,
  checksum: StoredChecksum,
): UploadedPart {
  if (upload.checksum.requested && checksum.algorithm !== upload.checksum.algorithm) {
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksum.algorithm.toLowerCase()}, actual checksum Type: ${checksum.algorithm.toLowerCase()}`,
    );
  }
  const { algorithm } = upload.checksum;
  const part: UploadedPart = {
    number,
    blob: state.core.store.blobs.put(body),
    size: body.byteLength,
    etag: md5Hex(body),
    lastModified: state.now(),
    checksum: checksum.algorithm === algorithm ? checksum.value : checksumOf(algorithm, body),
  };
  const replaced = state.parts.get(partKey(upload, number));
  state.parts.put(partKey(upload, number), part);
  state.dropBlobs(replaced === undefined ? [] : [replaced.blob]);
  return part;
}

function copiedBytes(whole: Uint8Array, range: string | undefined): Uint8Array {
  if (range === undefined) {
    return whole;
  }
  const match = /^bytes=(\d+)-(\d+)$/.exec(range);
  if (match === null || Number(match[1]) > Number(match[2])) {
    throw invalidArgument(
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
      "x-amz-copy-source-range",
      range,
    );
  }
  if (Number(match[2]) >= whole.byteLength) {
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${whole.byteLength}`,
      "x-amz-copy-source-range",
      range,
    );
  }
  const { start, end } = byteRange(range, whole.byteLength) ?? { start: 0, end: whole.byteLength - 1 };
  return whole.subarray(start, end + 1);
}

function chosenParts(state: S3State, upload: MultipartUpload, chosen: readonly CompletedPart[]): UploadedPart[] {
  if (chosen.length === 0 || chosen.length > MOST_PARTS) {
    throw malformedXml();
  }
  const parts = chosen.map((part, index) => {
    const number = partNumber(part.PartNumber);
    if (number <= (chosen[index - 1]?.PartNumber ?? 0)) {
      throw new AwsError(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. The parts list must be specified in order by part number.",
        { status: 400, fields: { UploadId: upload.id } },
      );
    }
    const stored = state.parts.get(partKey(upload, number));
    const etag = (part.ETag ?? "").replaceAll('"', "");
    const checksum = givenChecksum(part);
    const checksumFits =
      checksum === undefined ||
      (checksum.algorithm === upload.checksum.algorithm
        ? checksum.value === stored?.checksum
        : !upload.checksum.requested);
    if (stored === undefined || stored.etag !== etag || !checksumFits) {
      throw new AwsError(
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        { status: 400, fields: { UploadId: upload.id, PartNumber: number, ETag: etag } },
      );
    }
    return stored;
  });
  const small = parts.slice(0, -1).find(({ size }) => size < SMALLEST_PART);
  if (small !== undefined) {
    throw new AwsError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
      status: 400,
      fields: {
        ProposedSize: small.size,
        MinSizeAllowed: SMALLEST_PART,
        PartNumber: small.number,
        ETag: small.etag,
      },
    });
  }
  return parts;
}

function partChecksum(algorithm: ChecksumName, value: string): Record<string, string> {
  return { [`Checksum${algorithm}`]: value };
}

function locationBase({ http }: RequestContext): string {
  return `http://${http.headers.host ?? "s3.amazonaws.com"}`;
}
