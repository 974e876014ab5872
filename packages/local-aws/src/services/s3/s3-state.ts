import { createHash, randomBytes } from "node:crypto";
import type { Owner } from "@aws-sdk/client-s3";
import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { KeyDirectory } from "../../core/ports.ts";
import type { Collection } from "../../store/store.ts";
import type { BucketRecord } from "./bucket-record.ts";
import { cachedCollection } from "./cached-collection.ts";
import type { MultipartUpload, UploadedPart } from "./multipart-upload.ts";
import { NULL_VERSION, type ObjectVersion, type StoredObject } from "./object-version.ts";
import { accessDenied, invalidArgument, noSuchBucket } from "./s3-errors.ts";
import { VersionTable } from "./version-table.ts";

/** What names a bucket in nearly every request. */
export interface BucketReference {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/** The buckets, versions and uploads of S3, and the rules that all operations share. */
export class S3State {
  readonly core: Core;
  readonly keys: KeyDirectory | undefined;
  readonly buckets: Collection<BucketRecord>;
  /** Uploads in progress, by bucket and upload id. */
  readonly uploads: Collection<MultipartUpload>;
  /** Parts of uploads in progress, by upload and number. */
  readonly parts: Collection<UploadedPart>;
  readonly versions: VersionTable;

  constructor(core: Core, keys?: KeyDirectory) {
    this.core = core;
    this.keys = keys;
    this.buckets = cachedCollection(core.store.collection<BucketRecord>("s3/buckets"));
    this.uploads = core.store.collection<MultipartUpload>("s3/uploads");
    this.parts = core.store.collection<UploadedPart>("s3/parts");
    this.versions = new VersionTable(core.store.database);
  }

  /**
   * The bucket of a request.
   *
   * @throws AwsError `NoSuchBucket`; `AccessDenied` when `ExpectedBucketOwner` names another account
   */
  bucket({ Bucket, ExpectedBucketOwner }: BucketReference): BucketRecord {
    const name = Bucket ?? "";
    const bucket = this.buckets.get(name);
    if (bucket === undefined) {
      throw noSuchBucket(name);
    }
    if (ExpectedBucketOwner !== undefined && ExpectedBucketOwner !== this.core.accountId) {
      throw accessDenied();
    }
    return bucket;
  }

  /** Changes a bucket's record. */
  update(bucket: BucketRecord, changes: Partial<BucketRecord>): void {
    this.buckets.put(bucket.name, { ...bucket, ...changes });
  }

  /** Now, to the second: S3 keeps no finer times. */
  now(): Date {
    return new Date(Math.floor(this.core.clock.now() / 1000) * 1000);
  }

  /** The account as S3 names owners: by a canonical user id of 64 hexadecimal digits. */
  owner(): Owner {
    return { ID: createHash("sha256").update(`canonical-user:${this.core.accountId}`).digest("hex") };
  }

  /**
   * Makes a version the newest of its key, and takes the place of the null version where the bucket is not versioned.
   * Call it in a transaction and give the returned blobs to {@link dropBlobs} once that is committed.
   *
   * @returns blobs that nothing refers to any more
   */
  addVersion(bucket: BucketRecord, version: ObjectVersion): string[] {
    const orphans = version.versionId === NULL_VERSION ? this.removeVersion(bucket, version.key, NULL_VERSION) : [];
    this.versions.insert(bucket.name, version);
    return orphans;
  }

  /** Removes a version for good; see {@link addVersion} for the blobs it returns. */
  removeVersion(bucket: BucketRecord, key: string, versionId: string): string[] {
    const found = this.versions.find(bucket.name, key, versionId)?.version;
    this.versions.delete(bucket.name, key, versionId);
    return found?.kind === "object" ? [found.blob] : [];
  }

  /** Deletes blobs whose last reference is gone. A kill before this leaves bytes behind, never a record without its bytes. */
  dropBlobs(blobs: readonly string[]): void {
    for (const blob of blobs) {
      this.core.store.blobs.delete(blob);
    }
  }

  /** The id that a new version of an object gets in this bucket. */
  newVersionId(bucket: BucketRecord): string {
    return bucket.versioning === "Enabled" ? newId() : NULL_VERSION;
  }
}

/** The `VersionId` that an answer carries: none for buckets that never had versioning. */
export function shownVersionId(bucket: BucketRecord, version: Pick<ObjectVersion, "versionId">): string | undefined {
  return bucket.versioning === undefined ? undefined : version.versionId;
}

/** A random id in the form of S3's version ids (32 characters that are safe in URLs and never start with a dash). */
export function newId(): string {
  return randomBytes(24).toString("base64url").replaceAll("-", ".");
}

/** True when a version is an object that can be read now. */
export function isObject(version: ObjectVersion | undefined): version is StoredObject {
  return version?.kind === "object";
}

/** Longest key, in bytes of UTF-8. */
const LONGEST_KEY = 1024;

/**
 * The key of a request.
 *
 * @throws AwsError `KeyTooLongError`
 */
export function requireKey(key: string | undefined): string {
  if (key === undefined || key === "") {
    throw invalidArgument("The object key must not be empty", "Key", "");
  }
  if (Buffer.byteLength(key) > LONGEST_KEY) {
    throw new AwsError("KeyTooLongError", "Your key is too long", {
      status: 400,
      fields: { Size: Buffer.byteLength(key), MaxSizeAllowed: LONGEST_KEY },
    });
  }
  return key;
}
