import type { BucketRecord } from "./bucket-record.ts";
import type { ObjectLock, StoredObject } from "./object-version.ts";
import { accessDenied, invalidArgument, invalidRequest, notImplemented } from "./s3-errors.ts";
import type { S3State } from "./s3-state.ts";

/** What a writing request says about object lock. */
interface LockInput {
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
  readonly ObjectLockLegalHoldStatus?: string | undefined;
  readonly ObjectLockEventHold?: string | undefined;
}

/** Members of answers about object lock. */
interface LockMembers {
  ObjectLockMode?: NonNullable<ObjectLock["mode"]>;
  ObjectLockRetainUntilDate?: Date;
  ObjectLockLegalHoldStatus?: NonNullable<ObjectLock["legalHold"]>;
}

const DAY_MS = 86_400_000;

/**
 * The lock of a new version: as the request says, else the bucket's default retention.
 *
 * @throws AwsError `InvalidRequest` or `InvalidArgument`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export function lockOf(state: S3State, bucket: BucketRecord, input: LockInput): ObjectLock {
  const { ObjectLockMode, ObjectLockRetainUntilDate, ObjectLockLegalHoldStatus } = input;
  if (input.ObjectLockEventHold !== undefined) {
    throw notImplemented("object lock event holds");
  }
  const asked = [ObjectLockMode, ObjectLockRetainUntilDate, ObjectLockLegalHoldStatus].some((one) => one !== undefined);
  if (bucket.objectLock === undefined) {
    if (asked) {
      throw invalidRequest("Bucket is missing Object Lock Configuration");
    }
    return {};
  }
  const legalHold =
    ObjectLockLegalHoldStatus === undefined ? {} : { legalHold: legalHoldOf(ObjectLockLegalHoldStatus) };
  if (ObjectLockMode !== undefined || ObjectLockRetainUntilDate !== undefined) {
    return { ...legalHold, ...retentionOf(state, ObjectLockMode, ObjectLockRetainUntilDate) };
  }
  const byDefault = bucket.objectLock.rule?.DefaultRetention;
  if (byDefault?.Mode === undefined) {
    return legalHold;
  }
  const until = new Date(state.core.clock.now());
  until.setTime(until.getTime() + ((byDefault.Days ?? 0) + (byDefault.Years ?? 0) * 365) * DAY_MS);
  return { ...legalHold, mode: byDefault.Mode, retainUntil: until };
}

/** Checks a retention. */
export function retentionOf(
  state: S3State,
  mode: string | undefined,
  until: Date | undefined,
): Required<Pick<ObjectLock, "mode" | "retainUntil">> {
  if (mode === undefined || until === undefined) {
    throw invalidArgument(
      "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
      "x-amz-object-lock-mode",
      mode ?? "",
    );
  }
  if (mode !== "GOVERNANCE" && mode !== "COMPLIANCE") {
    throw invalidArgument("Unknown wormMode directive.", "x-amz-object-lock-mode", mode);
  }
  if (until.getTime() <= state.core.clock.now()) {
    throw invalidArgument(
      "The retain until date must be in the future!",
      "x-amz-object-lock-retain-until-date",
      until.toISOString(),
    );
  }
  return { mode, retainUntil: until };
}

/** Checks a legal hold. */
export function legalHoldOf(status: string): NonNullable<ObjectLock["legalHold"]> {
  if (status !== "ON" && status !== "OFF") {
    throw invalidArgument("Legal Hold must be either of 'ON' or 'OFF'", "x-amz-object-lock-legal-hold", status);
  }
  return status;
}

/** An object's lock as members of an answer. */
export function lockMembers(lock: ObjectLock): LockMembers {
  return {
    ...(lock.mode === undefined ? {} : { ObjectLockMode: lock.mode }),
    ...(lock.retainUntil === undefined ? {} : { ObjectLockRetainUntilDate: lock.retainUntil }),
    ...(lock.legalHold === undefined ? {} : { ObjectLockLegalHoldStatus: lock.legalHold }),
  };
}

/** True while retention or a legal hold keeps a version from being deleted. */
export function isLocked(state: S3State, object: StoredObject, bypassGovernance = false): boolean {
  const { mode, retainUntil, legalHold } = object.lock;
  const retained = retainUntil !== undefined && retainUntil.getTime() > state.core.clock.now();
  return legalHold === "ON" || (retained && !(mode === "GOVERNANCE" && bypassGovernance));
}

/**
 * Refuses to delete a locked version.
 *
 * @throws AwsError `AccessDenied`
 */
export function refuseLocked(state: S3State, object: StoredObject, bypassGovernance = false): void {
  if (isLocked(state, object, bypassGovernance)) {
    throw accessDenied("Access Denied because object protected by object lock.");
  }
}
