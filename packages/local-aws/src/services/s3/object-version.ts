import type {
  ChecksumType,
  ObjectLockLegalHoldStatus,
  ObjectLockRetentionMode,
  ServerSideEncryption,
  StorageClass,
} from "@aws-sdk/client-s3";
import type { ChecksumName } from "./checksum.ts";

/** The id of versions written while versioning was off or suspended. */
export const NULL_VERSION = "null";

/** A checksum as S3 keeps it: base64, for composite ones with `-N` for the number of parts. */
export interface StoredChecksum {
  readonly algorithm: ChecksumName;
  readonly value: string;
  readonly type: ChecksumType;
}

/** Headers that are stored with an object and come back as they were. */
export interface ObjectHeaders {
  readonly ContentType: string;
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly Expires?: Date;
  readonly WebsiteRedirectLocation?: string;
}

/** How an object says that it is encrypted. (Local AWS keeps the bytes as they are: its store is a file of yours.) */
export interface ObjectEncryption {
  readonly algorithm: ServerSideEncryption;
  readonly kmsKeyArn?: string;
  readonly kmsContext?: string;
  readonly bucketKeyEnabled?: boolean;
}

/** Retention and legal hold of a version. */
export interface ObjectLock {
  readonly mode?: ObjectLockRetentionMode;
  readonly retainUntil?: Date;
  readonly legalHold?: ObjectLockLegalHoldStatus;
}

/** A part of an object that was uploaded in parts. */
export interface StoredPart {
  readonly number: number;
  readonly size: number;
  readonly checksum?: string;
}

/** One version of an object that has content. */
export interface StoredObject {
  readonly kind: "object";
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: Date;
  /** Without the quotes. */
  readonly etag: string;
  /** In bytes. */
  readonly size: number;
  /** Blob of the content. */
  readonly blob: string;
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: StorageClass;
  readonly encryption: ObjectEncryption;
  readonly checksum: StoredChecksum;
  readonly parts?: readonly StoredPart[];
  readonly tags: Readonly<Record<string, string>>;
  readonly lock: ObjectLock;
}

/** A version that says that the object is gone. */
export interface DeleteMarker {
  readonly kind: "delete-marker";
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: Date;
}

/** Anything that `ListObjectVersions` lists. */
export type ObjectVersion = StoredObject | DeleteMarker;
