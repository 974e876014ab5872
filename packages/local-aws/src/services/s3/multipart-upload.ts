import type { ChecksumType, StorageClass } from "@aws-sdk/client-s3";
import type { ChecksumName } from "./checksum.ts";
import type { ObjectEncryption, ObjectHeaders, ObjectLock } from "./object-version.ts";

/** A part as it lies there until the upload is completed or aborted. */
export interface UploadedPart {
  readonly number: number;
  readonly blob: string;
  readonly size: number;
  readonly etag: string;
  readonly lastModified: Date;
  /** Base64, in the upload's algorithm. */
  readonly checksum: string;
}

/** An upload in progress. */
export interface MultipartUpload {
  readonly bucket: string;
  readonly key: string;
  readonly id: string;
  readonly initiated: Date;
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly storageClass: StorageClass;
  readonly encryption: ObjectEncryption;
  readonly lock: ObjectLock;
  readonly checksum: {
    readonly algorithm: ChecksumName;
    readonly type: ChecksumType;
    /** False when the caller named no algorithm: parts then do not show a checksum. */
    readonly requested: boolean;
  };
}
