import type { LifecycleRule, TransitionStorageClass } from "@aws-sdk/client-s3";
import type { BucketRecord } from "./bucket-record.ts";
import { deleteObject } from "./delete-operations.ts";
import { dueAt, enabledRules, expirationOf, ruleCovers } from "./lifecycle-evaluation.ts";
import { abortUpload } from "./multipart-operations.ts";
import { isLocked } from "./object-lock.ts";
import type { ObjectVersion, StoredObject } from "./object-version.ts";
import { isObject, type S3State } from "./s3-state.ts";

const DAY_MS = 86_400_000;
/** Smaller objects are not moved to another storage class unless a rule's filter says so. */
const SMALLEST_TRANSITION = 128 * 1024;

/**
 * Applies lifecycle rules at every midnight UTC of the clock, when S3's own queue of a day begins, and once at the start for
 * the midnights that were missed.
 *
 * @returns stops it
 */
export function lifecycleSweep(state: S3State): () => void {
  const { clock, log } = state.core;
  let cancel = () => {};
  const run = (): void => {
    try {
      sweep(state);
    } catch (error) {
      log(`s3: the lifecycle sweep failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    cancel = clock.schedule((Math.floor(clock.now() / DAY_MS) + 1) * DAY_MS, run);
  };
  cancel = clock.schedule(clock.now(), run);
  return () => cancel();
}

/** Applies all rules that are due now. */
export function sweep(state: S3State): void {
  for (const bucket of state.buckets.values()) {
    if (enabledRules(bucket).length > 0) {
      sweepVersions(state, bucket);
      sweepUploads(state, bucket);
    }
  }
}

function sweepVersions(state: S3State, bucket: BucketRecord): void {
  let first = state.versions.next(bucket.name, "", Number.MIN_SAFE_INTEGER);
  while (first !== undefined) {
    const { key } = first.version;
    const versions = state.versions.ofKey(bucket.name, key);
    sweepNoncurrent(state, bucket, versions);
    sweepCurrent(state, bucket, key);
    first = state.versions.next(bucket.name, key);
  }
}

function sweepCurrent(state: S3State, bucket: BucketRecord, key: string): void {
  const now = state.core.clock.now();
  const [current, ...others] = state.versions.ofKey(bucket.name, key);
  if (current === undefined) {
    return;
  }
  if (isObject(current)) {
    const expiration = expirationOf(bucket, current);
    if (expiration !== undefined && expiration.at <= now) {
      deleteObject(state, bucket, { key });
    } else {
      transition(state, bucket, current, current.lastModified, "Transitions");
    }
    return;
  }
  if (others.length > 0) {
    return;
  }
  const subject = { key, size: 0, tags: {} };
  const expired = enabledRules(bucket).some(({ Expiration, ...rule }) => {
    if (Expiration === undefined || !ruleCovers({ ...rule, Expiration }, subject)) {
      return false;
    }
    const { ExpiredObjectDeleteMarker, Days, Date: date } = Expiration;
    const at = Days === undefined ? date?.getTime() : dueAt(current.lastModified, Days);
    return ExpiredObjectDeleteMarker === true || (at !== undefined && at <= now);
  });
  if (expired) {
    deleteObject(state, bucket, { key, versionId: current.versionId });
  }
}

/** A version is noncurrent since the version after it was written; `versions` come newest first. */
function sweepNoncurrent(state: S3State, bucket: BucketRecord, versions: readonly ObjectVersion[]): void {
  const now = state.core.clock.now();
  for (const [index, version] of versions.entries()) {
    const newer = versions[index - 1];
    if (newer === undefined || (isObject(version) && isLocked(state, version))) {
      continue;
    }
    const subject = isObject(version) ? version : { key: version.key, size: 0, tags: {} };
    const expired = enabledRules(bucket).some((rule) => {
      const { NoncurrentDays, NewerNoncurrentVersions = 0 } = rule.NoncurrentVersionExpiration ?? {};
      return (
        NoncurrentDays !== undefined &&
        index > NewerNoncurrentVersions &&
        dueAt(newer.lastModified, NoncurrentDays) <= now &&
        ruleCovers(rule, subject)
      );
    });
    if (expired) {
      deleteObject(state, bucket, { key: version.key, versionId: version.versionId });
    } else if (isObject(version)) {
      transition(state, bucket, version, newer.lastModified, "NoncurrentVersionTransitions", index);
    }
  }
}

/** Moves a version to the storage class of the latest transition that is due. */
function transition(
  state: S3State,
  bucket: BucketRecord,
  object: StoredObject,
  since: Date,
  kind: "Transitions" | "NoncurrentVersionTransitions",
  noncurrentIndex = 0,
): void {
  const now = state.core.clock.now();
  const due = enabledRules(bucket)
    .filter((rule) => ruleCovers(rule, object))
    .flatMap((rule) =>
      (kind === "Transitions"
        ? (rule.Transitions ?? []).map(({ Days = 0, Date: date, StorageClass: to }) => ({
            at: date?.getTime() ?? dueAt(since, Days),
            to,
          }))
        : (rule.NoncurrentVersionTransitions ?? [])
            .filter(({ NewerNoncurrentVersions = 0 }) => noncurrentIndex > NewerNoncurrentVersions)
            .map(({ NoncurrentDays = 0, StorageClass: to }) => ({ at: dueAt(since, NoncurrentDays), to }))
      ).filter(({ at, to }) => at <= now && isLargeEnough(bucket, rule, object, to)),
    )
    .sort((one, other) => one.at - other.at)
    .at(-1);
  if (due?.to !== undefined && due.to !== object.storageClass) {
    state.versions.update(bucket.name, { ...object, storageClass: due.to });
  }
}

/**
 * Small objects stay where they are, except where the rule names sizes itself, or where the bucket lets them go to the archive
 * classes.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
function isLargeEnough(
  bucket: BucketRecord,
  rule: LifecycleRule,
  object: StoredObject,
  to: TransitionStorageClass | undefined,
): boolean {
  const filters = [rule.Filter ?? {}, rule.Filter?.And ?? {}];
  const namesSizes = filters.some(
    ({ ObjectSizeGreaterThan, ObjectSizeLessThan }) => (ObjectSizeGreaterThan ?? ObjectSizeLessThan) !== undefined,
  );
  const varies = bucket.lifecycle?.transitionDefaultMinimumObjectSize === "varies_by_storage_class";
  const isArchive = to === "GLACIER" || to === "DEEP_ARCHIVE";
  return namesSizes || (varies && isArchive) || object.size >= SMALLEST_TRANSITION;
}

function sweepUploads(state: S3State, bucket: BucketRecord): void {
  const now = state.core.clock.now();
  for (const upload of state.uploads.values(`${bucket.name}/`)) {
    const due = enabledRules(bucket).some((rule) => {
      const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
      return days !== undefined && ruleCovers(rule, upload) && dueAt(upload.initiated, days) <= now;
    });
    if (due) {
      abortUpload(state, upload);
    }
  }
}
