import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import type { Readable } from "node:stream";
import { AwsError } from "../../core/aws-error.ts";
import type { BucketRecord } from "./bucket-record.ts";
import { type ByteRange, byteRange } from "./byte-range.ts";
import { checksumMembers } from "./checksum.ts";
import { findObject, refuseArchived } from "./find-object.ts";
import { nextExpiration } from "./lifecycle-evaluation.ts";
import { checkReadConditions, type ReadConditions } from "./object-conditions.ts";
import { encryptionMembers } from "./object-encryption.ts";
import { shownStorageClass } from "./object-headers.ts";
import { lockMembers } from "./object-lock.ts";
import type { StoredObject } from "./object-version.ts";
import { invalidArgument, invalidRequest } from "./s3-errors.ts";
import type { S3Input, S3Operations, S3Output } from "./s3-sdk.ts";
import { requireKey, type S3State, shownVersionId } from "./s3-state.ts";

/** Above this size (in bytes) an object is streamed from its file. */
const STREAM_FROM = 4 * 1024 * 1024;

type Read = S3Input<"HeadObject">;

interface Selection {
  readonly object: StoredObject;
  /** What of the object is wanted; `undefined` is all of it, with status 200. */
  readonly range: ByteRange | undefined;
  readonly members: Omit<S3Output<"HeadObject">, "Body">;
}

/** Reading objects: `GetObject`, `HeadObject`, `GetObjectAttributes`. */
export function readOperations(state: S3State) {
  return {
    GetObject(input) {
      const { object, range, members } = select(state, input);
      refuseArchived(object);
      return { ...members, Body: bodyOf(state, object, range) };
    },

    HeadObject(input) {
      try {
        return select(state, input).members;
      } catch (error) {
        throw asHeadError(error);
      }
    },

    GetObjectAttributes(input) {
      const bucket = state.bucket(input);
      const object = findObject(state, bucket, requireKey(input.Key), input.VersionId);
      const wanted = new Set(
        (input.ObjectAttributes ?? []).flatMap((list) => list.split(",")).map((one) => one.trim()),
      );
      if (wanted.size === 0) {
        throw invalidArgument("The x-amz-object-attributes header is required", "x-amz-object-attributes", "");
      }
      const parts = object.parts ?? [];
      const first = Number(input.PartNumberMarker ?? 0);
      const shown = parts.filter(({ number }) => number > first).slice(0, input.MaxParts ?? 1000);
      const last = shown.at(-1)?.number ?? 0;
      return {
        LastModified: object.lastModified,
        VersionId: shownVersionId(bucket, object),
        ...(wanted.has("ETag") ? { ETag: object.etag } : {}),
        ...(wanted.has("Checksum") ? { Checksum: checksumMembers(object.checksum) } : {}),
        ...(wanted.has("ObjectSize") ? { ObjectSize: object.size } : {}),
        ...(wanted.has("StorageClass") ? { StorageClass: object.storageClass } : {}),
        ...(wanted.has("ObjectParts") && object.parts !== undefined
          ? {
              ObjectParts: {
                TotalPartsCount: parts.length,
                PartNumberMarker: String(first),
                NextPartNumberMarker: String(last),
                MaxParts: input.MaxParts ?? 1000,
                IsTruncated: parts.some(({ number }) => number > last),
                Parts: shown.map(({ number, size, checksum }) => ({
                  PartNumber: number,
                  Size: size,
                  ...(checksum === undefined ? {} : { [`Checksum${object.checksum.algorithm}`]: checksum }),
                })),
              },
            }
          : {}),
      };
    },
  } satisfies S3Operations;
}

function select(state: S3State, input: Read): Selection {
  const bucket = state.bucket(input);
  const object = findObject(state, bucket, requireKey(input.Key), input.VersionId);
  checkReadConditions(object, input satisfies ReadConditions);
  const range = rangeOf(object, input);
  return { object, range, members: membersOf(bucket, object, range, input) };
}

function rangeOf(object: StoredObject, { Range, PartNumber }: Read): ByteRange | undefined {
  if (PartNumber === undefined) {
    return byteRange(Range, object.size);
  }
  if (Range !== undefined) {
    throw invalidRequest("Cannot specify both Range header and partNumber query parameter");
  }
  const parts = object.parts ?? [{ number: 1, size: object.size }];
  const index = PartNumber - 1;
  const part = parts[index];
  if (part === undefined) {
    throw new AwsError("InvalidPartNumber", "The requested partnumber is not satisfiable", {
      status: 416,
      fields: { PartNumberRequested: PartNumber, ActualPartCount: parts.length },
    });
  }
  const start = parts.slice(0, index).reduce((sum, { size }) => sum + size, 0);
  return part.size === 0 ? undefined : { start, end: start + part.size - 1 };
}

function membersOf(
  bucket: BucketRecord,
  object: StoredObject,
  range: ByteRange | undefined,
  input: Read,
): Selection["members"] {
  const { headers } = object;
  const whole = range === undefined || (range.start === 0 && range.end === object.size - 1);
  const tagCount = Object.keys(object.tags).length;
  return {
    AcceptRanges: "bytes",
    LastModified: object.lastModified,
    ContentLength: range === undefined ? object.size : range.end - range.start + 1,
    ETag: `"${object.etag}"`,
    VersionId: shownVersionId(bucket, object),
    CacheControl: input.ResponseCacheControl ?? headers.CacheControl,
    ContentDisposition: input.ResponseContentDisposition ?? headers.ContentDisposition,
    ContentEncoding: input.ResponseContentEncoding ?? headers.ContentEncoding,
    ContentLanguage: input.ResponseContentLanguage ?? headers.ContentLanguage,
    ContentType: input.ResponseContentType ?? headers.ContentType,
    Expires: input.ResponseExpires ?? headers.Expires,
    WebsiteRedirectLocation: headers.WebsiteRedirectLocation,
    Metadata: { ...object.metadata },
    StorageClass: shownStorageClass(object.storageClass),
    Expiration: nextExpiration(bucket, object),
    ...encryptionMembers(object.encryption),
    ...lockMembers(object.lock),
    ...(range === undefined ? {} : { ContentRange: `bytes ${range.start}-${range.end}/${object.size}` }),
    ...(input.PartNumber !== undefined && object.parts !== undefined ? { PartsCount: object.parts.length } : {}),
    ...(tagCount > 0 ? { TagCount: tagCount } : {}),
    ...(input.ChecksumMode === "ENABLED" && whole ? checksumMembers(object.checksum) : {}),
  };
}

/**
 * The wanted bytes. Large objects are streamed from a descriptor that is opened now, so that the content stays readable
 * when the version is deleted meanwhile.
 */
function bodyOf(state: S3State, object: StoredObject, range: ByteRange | undefined): Uint8Array | Readable {
  const { blobs } = state.core.store;
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  if (end - start < STREAM_FROM) {
    return range === undefined ? blobs.get(object.blob) : readSlice(blobs.path(object.blob), start, end);
  }
  return createReadStream("", { fd: openSync(blobs.path(object.blob), "r"), start, end });
}

function readSlice(path: string, start: number, end: number): Uint8Array {
  const descriptor = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(end - start + 1);
    const read = readSync(descriptor, bytes, 0, bytes.length, start);
    return bytes.subarray(0, read);
  } finally {
    closeSync(descriptor);
  }
}

/** A HEAD answer has no body to carry a code, so S3 names these errors by their status alone. */
function asHeadError(error: unknown): unknown {
  const missing = ["NoSuchKey", "NoSuchBucket", "NoSuchVersion"];
  return error instanceof AwsError && missing.includes(error.code)
    ? new AwsError("NotFound", "Not Found", { status: 404, headers: error.options.headers ?? {}, cause: error })
    : error;
}
