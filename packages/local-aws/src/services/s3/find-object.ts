import { AwsError } from "../../core/aws-error.ts";
import type { BucketRecord } from "./bucket-record.ts";
import type { StoredObject } from "./object-version.ts";
import { invalidArgument, noSuchKey, noSuchVersion } from "./s3-errors.ts";
import { type S3State, shownVersionId } from "./s3-state.ts";

/** Storage classes whose objects have to be restored before they can be read. */
const ARCHIVED: readonly string[] = ["GLACIER", "DEEP_ARCHIVE"];

/**
 * Refuses to read the content of an archived object.
 *
 * @throws AwsError `InvalidObjectState`
 */
export function refuseArchived({ storageClass }: StoredObject): void {
  if (ARCHIVED.includes(storageClass)) {
    throw new AwsError("InvalidObjectState", "The operation is not valid for the object's storage class", {
      status: 403,
      fields: { StorageClass: storageClass },
    });
  }
}

/**
 * The object that a read means: the current version of the key, or the version it names.
 *
 * @throws AwsError `NoSuchKey` (also behind a delete marker), `NoSuchVersion`, or `MethodNotAllowed` for a delete marker by its id
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
 */
export function findObject(state: S3State, bucket: BucketRecord, key: string, versionId?: string): StoredObject {
  if (versionId === "") {
    throw invalidArgument("Version id cannot be the empty string", "versionId", versionId);
  }
  const version =
    versionId === undefined
      ? state.versions.latest(bucket.name, key)
      : state.versions.find(bucket.name, key, versionId)?.version;
  if (version === undefined) {
    throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId);
  }
  if (version.kind === "object") {
    return version;
  }
  if (versionId === undefined) {
    throw noSuchKey(key, shownVersionId(bucket, version));
  }
  throw new AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", {
    status: 405,
    fields: { Method: "GET", ResourceType: "DeleteMarker" },
    headers: {
      allow: "DELETE",
      "x-amz-delete-marker": "true",
      "x-amz-version-id": versionId,
      "last-modified": version.lastModified.toUTCString(),
    },
  });
}
