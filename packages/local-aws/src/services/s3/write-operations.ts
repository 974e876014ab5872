import { AwsError } from "../../core/aws-error.ts";
import type { RequestContext } from "../../core/service.ts";
import { refuseAcl } from "./bucket-acl.ts";
import type { BucketRecord } from "./bucket-record.ts";
import { checksumMembers, checksumName, checksumOf, verifyBody } from "./checksum.ts";
import { parseCopySource } from "./copy-source.ts";
import { findObject, refuseArchived } from "./find-object.ts";
import { nextExpiration } from "./lifecycle-evaluation.ts";
import { checkCopyConditions } from "./object-conditions.ts";
import { encryptionMembers, encryptionOf } from "./object-encryption.ts";
import { objectHeaders, objectMetadata, storageClassOf } from "./object-headers.ts";
import { lockOf } from "./object-lock.ts";
import type { StoredObject } from "./object-version.ts";
import { invalidArgument, invalidRequest, notImplemented } from "./s3-errors.ts";
import type { S3Operations } from "./s3-sdk.ts";
import { requireKey, type S3State, shownVersionId } from "./s3-state.ts";
import { tagsOfHeader } from "./tag-set.ts";
import { LARGEST_PUT, md5Hex, writeObject } from "./write-object.ts";

/** Writing objects whole: `PutObject`, `CopyObject`. */
export function writeOperations(state: S3State) {
  return {
    PutObject(input, context) {
      const bucket = state.bucket(input);
      const key = requireKey(input.Key);
      const body = input.Body ?? new Uint8Array();
      refuseUnsupported(input, bucket);
      checkLength(body, context);
      const object = writeObject(
        state,
        bucket,
        body,
        {
          key,
          etag: md5Hex(body),
          size: body.byteLength,
          headers: objectHeaders(input),
          metadata: objectMetadata(input.Metadata),
          storageClass: storageClassOf(input.StorageClass),
          encryption: encryptionOf(state, bucket, input),
          checksum: verifyBody(body, input),
          tags: tagsOfHeader(input.Tagging),
          lock: lockOf(state, bucket, input),
        },
        input,
      );
      return { ETag: `"${object.etag}"`, ...checksumMembers(object.checksum), ...writtenMembers(bucket, object) };
    },

    CopyObject(input) {
      const bucket = state.bucket(input);
      const key = requireKey(input.Key);
      refuseUnsupported(input, bucket);
      const source = copySource(state, input.CopySource, input.ExpectedSourceBucketOwner);
      checkCopyConditions(source.object, {
        IfMatch: input.CopySourceIfMatch,
        IfNoneMatch: input.CopySourceIfNoneMatch,
        IfModifiedSince: input.CopySourceIfModifiedSince,
        IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
      });
      const replacesMetadata = directive(input.MetadataDirective, "x-amz-metadata-directive") === "REPLACE";
      const replacesTags = directive(input.TaggingDirective, "x-amz-tagging-directive") === "REPLACE";
      const onto = source.bucket.name === bucket.name && source.object.key === key;
      const changes =
        replacesMetadata ||
        input.StorageClass !== undefined ||
        input.ServerSideEncryption !== undefined ||
        input.WebsiteRedirectLocation !== undefined ||
        source.explicitVersion;
      if (onto && !changes) {
        throw invalidRequest(
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
        );
      }
      const body = state.core.store.blobs.get(source.object.blob);
      const algorithm = checksumName(input.ChecksumAlgorithm);
      // A copy is written whole: an object of parts loses them and gets a plain entity tag and a full checksum.
      const keepsChecksum = algorithm === undefined && source.object.checksum.type === "FULL_OBJECT";
      const checksumAlgorithm = algorithm ?? source.object.checksum.algorithm;
      const { WebsiteRedirectLocation: _redirect, ...sourceHeaders } = source.object.headers;
      const object = writeObject(
        state,
        bucket,
        body,
        {
          key,
          etag: source.object.parts === undefined ? source.object.etag : md5Hex(body),
          size: body.byteLength,
          headers: replacesMetadata
            ? objectHeaders(input)
            : objectHeaders({ ...sourceHeaders, WebsiteRedirectLocation: input.WebsiteRedirectLocation }),
          metadata: replacesMetadata ? objectMetadata(input.Metadata) : source.object.metadata,
          storageClass: storageClassOf(input.StorageClass),
          encryption: encryptionOf(state, bucket, input),
          checksum: keepsChecksum
            ? source.object.checksum
            : { algorithm: checksumAlgorithm, value: checksumOf(checksumAlgorithm, body), type: "FULL_OBJECT" },
          tags: replacesTags ? tagsOfHeader(input.Tagging) : source.object.tags,
          lock: lockOf(state, bucket, input),
        },
        input,
      );
      return {
        CopyObjectResult: {
          ETag: `"${object.etag}"`,
          LastModified: object.lastModified,
          ...checksumMembers(object.checksum),
        },
        CopySourceVersionId: shownVersionId(source.bucket, source.object),
        ...writtenMembers(bucket, object),
      };
    },
  } satisfies S3Operations;
}

/** What every answer about a written object says. */
export function writtenMembers(bucket: BucketRecord, object: StoredObject) {
  return {
    VersionId: shownVersionId(bucket, object),
    Expiration: nextExpiration(bucket, object),
    ...encryptionMembers(object.encryption),
  };
}

/**
 * Reads `x-amz-copy-source` and finds the object.
 *
 * @throws AwsError `InvalidArgument`, or as reading the source does
 */
export function copySource(
  state: S3State,
  header: string | undefined,
  expectedOwner?: string,
): { bucket: BucketRecord; object: StoredObject; explicitVersion: boolean } {
  const named = parseCopySource(header);
  if (named === undefined) {
    throw invalidArgument(
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      "x-amz-copy-source",
      header ?? "",
    );
  }
  const { bucket: bucketName, key, versionId } = named;
  if (bucketName.startsWith("arn:")) {
    throw notImplemented("access points as x-amz-copy-source");
  }
  const bucket = state.bucket({ Bucket: bucketName, ExpectedBucketOwner: expectedOwner });
  const object = findObject(state, bucket, key, versionId);
  refuseArchived(object);
  return { bucket, object, explicitVersion: versionId !== undefined };
}

/** Refuses what a write may ask for and local AWS does not play, rather than to ignore it. */
export function refuseUnsupported(
  input: {
    readonly WriteOffsetBytes?: number | undefined;
    readonly ACL?: string | undefined;
    readonly GrantFullControl?: string | undefined;
    readonly GrantRead?: string | undefined;
    readonly GrantReadACP?: string | undefined;
    readonly GrantWriteACP?: string | undefined;
  },
  bucket: BucketRecord,
): void {
  if (input.WriteOffsetBytes !== undefined) {
    throw notImplemented("appending to objects (x-amz-write-offset-bytes)");
  }
  refuseAcl(bucket, input);
}

function directive(value: string | undefined, header: string): "COPY" | "REPLACE" {
  if (value === undefined || value === "COPY" || value === "REPLACE") {
    return value ?? "COPY";
  }
  throw invalidArgument(`Unknown directive: ${value}`, header, value);
}

function checkLength(body: Uint8Array, { http }: RequestContext): void {
  if (body.byteLength > LARGEST_PUT) {
    throw new AwsError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      status: 400,
      fields: { ProposedSize: body.byteLength, MaxSizeAllowed: LARGEST_PUT },
    });
  }
  const decoded = http.headers["x-amz-decoded-content-length"];
  if (decoded !== undefined && Number(decoded) !== body.byteLength) {
    throw new AwsError(
      "IncompleteBody",
      "You did not provide the number of bytes specified by the Content-Length HTTP header.",
      { status: 400 },
    );
  }
}
