import { AwsError } from "../../core/aws-error.ts";
import { requestFacts } from "../../core/request-facts.ts";
import type { BucketRecord } from "./bucket-record.ts";
import { deletionNeeds } from "./object-access.ts";
import { checkWriteConditions } from "./object-conditions.ts";
import { refuseLocked } from "./object-lock.ts";
import { type DeleteMarker, NULL_VERSION } from "./object-version.ts";
import { invalidArgument, malformedXml, notImplemented, preconditionFailed } from "./s3-errors.ts";
import type { S3Operations } from "./s3-sdk.ts";
import { isObject, requireKey, type S3State, shownVersionId } from "./s3-state.ts";

/** Most keys that one `DeleteObjects` takes. */
const MOST_KEYS = 1000;

interface Deletion {
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly bypassGovernance?: boolean | undefined;
  readonly etag?: string | undefined;
  readonly size?: number | undefined;
  readonly lastModified?: Date | undefined;
}

interface Deleted {
  /** The version that was removed, or the delete marker that was made. */
  readonly versionId?: string | undefined;
  /** True when a delete marker was made or removed. */
  readonly deleteMarker: boolean;
}

/** Deleting objects: `DeleteObject`, `DeleteObjects`. */
export function deleteOperations(state: S3State) {
  return {
    DeleteObject(input) {
      const bucket = state.bucket(input);
      const { versionId, deleteMarker } = deleteObject(state, bucket, {
        key: requireKey(input.Key),
        versionId: input.VersionId,
        bypassGovernance: input.BypassGovernanceRetention,
        etag: input.IfMatch,
        size: input.IfMatchSize,
        lastModified: input.IfMatchLastModifiedTime,
      });
      return { VersionId: versionId, ...(deleteMarker ? { DeleteMarker: true } : {}) };
    },

    DeleteObjects(input, context) {
      const { authorizer } = state.core;
      const bucket = state.bucket(input);
      const objects = input.Delete?.Objects ?? [];
      if (objects.length === 0 || objects.length > MOST_KEYS) {
        throw malformedXml();
      }
      const answer = { Deleted: [] as object[], Errors: [] as object[] };
      for (const { Key, VersionId, ETag, Size, LastModifiedTime } of objects) {
        try {
          const { Bucket, BypassGovernanceRetention } = input;
          const one = { Bucket, Key, VersionId, IfMatch: ETag, BypassGovernanceRetention };
          authorizer.require(context.principal, deletionNeeds(state, one, context), requestFacts(context));
          const done = deleteObject(state, bucket, {
            key: requireKey(Key),
            versionId: VersionId,
            bypassGovernance: input.BypassGovernanceRetention,
            etag: ETag,
            size: Size,
            lastModified: LastModifiedTime,
          });
          answer.Deleted.push({
            Key,
            ...(VersionId === undefined ? {} : { VersionId }),
            ...(done.deleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: done.versionId } : {}),
          });
        } catch (error) {
          if (!(error instanceof AwsError)) {
            throw error;
          }
          answer.Errors.push({ Key, VersionId, Code: error.code, Message: error.message });
        }
      }
      return input.Delete?.Quiet === true ? { Errors: answer.Errors } : answer;
    },
  } satisfies S3Operations;
}

/**
 * Deletes as S3 does: without a version id a versioned key gets a delete marker; with one, that version is gone for good.
 * What is not there is deleted successfully.
 *
 * @throws AwsError `AccessDenied` for locked versions, `PreconditionFailed` or `NoSuchKey` for conditions that do not hold
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html
 */
export function deleteObject(state: S3State, bucket: BucketRecord, deletion: Deletion): Deleted {
  const { key, versionId } = deletion;
  if (versionId === "") {
    throw invalidArgument("Version id cannot be the empty string", "versionId", versionId);
  }
  const { orphans, deleted } = state.core.store.transaction(() => {
    checkConditions(state, bucket, deletion);
    if (versionId !== undefined) {
      const version = state.versions.find(bucket.name, key, versionId)?.version;
      if (isObject(version)) {
        refuseLocked(state, version, deletion.bypassGovernance);
      }
      return {
        orphans: state.removeVersion(bucket, key, versionId),
        deleted: { versionId, deleteMarker: version?.kind === "delete-marker" },
      };
    }
    if (bucket.versioning === undefined) {
      return { orphans: state.removeVersion(bucket, key, NULL_VERSION), deleted: { deleteMarker: false } };
    }
    const marker: DeleteMarker = {
      kind: "delete-marker",
      key,
      versionId: state.newVersionId(bucket),
      lastModified: state.now(),
    };
    return {
      orphans: state.addVersion(bucket, marker),
      deleted: { versionId: shownVersionId(bucket, marker), deleteMarker: true },
    };
  });
  state.dropBlobs(orphans);
  return deleted;
}

function checkConditions(state: S3State, bucket: BucketRecord, deletion: Deletion): void {
  if (deletion.size !== undefined || deletion.lastModified !== undefined) {
    throw notImplemented("conditional deletes by size or time (directory buckets only)");
  }
  if (deletion.etag === undefined) {
    return;
  }
  if (deletion.versionId !== undefined) {
    throw preconditionFailed("If-Match");
  }
  checkWriteConditions(deletion.key, state.versions.latest(bucket.name, deletion.key), { IfMatch: deletion.etag });
}
