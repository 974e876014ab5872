import { AwsError } from "../../core/aws-error.ts";
import type { BucketRecord } from "./bucket-record.ts";
import { notFound } from "./configuration-operations.ts";
import { findObject } from "./find-object.ts";
import { isLocked, legalHoldOf, retentionOf } from "./object-lock.ts";
import type { StoredObject } from "./object-version.ts";
import { accessDenied, invalidRequest, malformedXml } from "./s3-errors.ts";
import type { S3Operations } from "./s3-sdk.ts";
import { requireKey, type S3State } from "./s3-state.ts";

interface ObjectReference {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/**
 * Object lock: the bucket's configuration, retention and legal holds of versions.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export function objectLockOperations(state: S3State) {
  const find = (input: ObjectReference): { bucket: BucketRecord; object: StoredObject } => {
    const bucket = state.bucket(input);
    if (bucket.objectLock === undefined) {
      throw invalidRequest("Bucket is missing Object Lock Configuration");
    }
    return { bucket, object: findObject(state, bucket, requireKey(input.Key), input.VersionId) };
  };

  return {
    PutObjectLockConfiguration(input) {
      const bucket = state.bucket(input);
      const { ObjectLockEnabled, Rule } = input.ObjectLockConfiguration ?? {};
      if (ObjectLockEnabled !== "Enabled") {
        throw malformedXml();
      }
      if (bucket.versioning !== "Enabled") {
        throw new AwsError(
          "InvalidBucketState",
          "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
          { status: 409 },
        );
      }
      if (Rule !== undefined) {
        const { Mode, Days, Years } = Rule.DefaultRetention ?? {};
        const isDuration = (Days === undefined) !== (Years === undefined) && (Days ?? Years ?? 0) > 0;
        if ((Mode !== "GOVERNANCE" && Mode !== "COMPLIANCE") || !isDuration) {
          throw malformedXml();
        }
      }
      state.update(bucket, { objectLock: Rule === undefined ? {} : { rule: Rule } });
      return {};
    },

    GetObjectLockConfiguration(input) {
      const bucket = state.bucket(input);
      if (bucket.objectLock === undefined) {
        throw notFound(
          "ObjectLockConfigurationNotFoundError",
          "Object Lock configuration does not exist for this bucket",
          bucket,
        );
      }
      const { rule } = bucket.objectLock;
      return {
        ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", ...(rule === undefined ? {} : { Rule: rule }) },
      };
    },

    PutObjectRetention(input) {
      const { bucket, object } = find(input);
      const { Mode, RetainUntilDate } = input.Retention ?? {};
      const clears = Mode === undefined && RetainUntilDate === undefined;
      const wanted = clears ? {} : retentionOf(state, Mode, RetainUntilDate);
      const { mode, retainUntil, ...others } = object.lock;
      const weakens =
        retainUntil !== undefined && (RetainUntilDate === undefined || RetainUntilDate < retainUntil || Mode !== mode);
      // A legal hold does not matter here: it neither needs nor hinders retention.
      const retained = isLocked(
        state,
        { ...object, lock: { ...object.lock, legalHold: "OFF" } },
        input.BypassGovernanceRetention,
      );
      if (weakens && retained) {
        throw accessDenied("Access Denied because object protected by object lock.");
      }
      state.versions.update(bucket.name, { ...object, lock: { ...others, ...wanted } });
      return {};
    },

    GetObjectRetention(input) {
      const { object } = find(input);
      const { mode, retainUntil } = object.lock;
      if (mode === undefined) {
        throw noLock();
      }
      return { Retention: { Mode: mode, RetainUntilDate: retainUntil } };
    },

    PutObjectLegalHold(input) {
      const { bucket, object } = find(input);
      const legalHold = legalHoldOf(input.LegalHold?.Status ?? "");
      state.versions.update(bucket.name, { ...object, lock: { ...object.lock, legalHold } });
      return {};
    },

    GetObjectLegalHold(input) {
      const { object } = find(input);
      if (object.lock.legalHold === undefined) {
        throw noLock();
      }
      return { LegalHold: { Status: object.lock.legalHold } };
    },
  } satisfies S3Operations;
}

function noLock(): AwsError {
  return new AwsError(
    "NoSuchObjectLockConfiguration",
    "The specified object does not have a ObjectLock configuration",
    { status: 404 },
  );
}
