import { AwsError } from "../../core/aws-error.ts";
import { aclNotSupported } from "./bucket-acl.ts";
import { malformedXml, notImplemented } from "./s3-errors.ts";
import type { S3Operations } from "./s3-sdk.ts";
import type { S3State } from "./s3-state.ts";

/**
 * Server access logging of buckets. What it does is in `access-log.ts`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html
 */
export function loggingOperations(state: S3State) {
  return {
    PutBucketLogging(input) {
      const bucket = state.bucket(input);
      const logging = input.BucketLoggingStatus?.LoggingEnabled;
      if (logging === undefined) {
        const { logging: _logging, ...rest } = bucket;
        state.buckets.put(rest.name, rest);
        return {};
      }
      const target = state.buckets.get(logging.TargetBucket ?? "");
      if (target === undefined) {
        throw new AwsError(
          "InvalidTargetBucketForLogging",
          "The target bucket for logging does not exist, is not owned by you, or does not have the appropriate grants for the log-delivery group.",
          { status: 400, fields: { TargetBucket: logging.TargetBucket } },
        );
      }
      if (logging.TargetPrefix === undefined) {
        throw malformedXml();
      }
      if (logging.TargetGrants !== undefined && logging.TargetGrants.length > 0) {
        throw target.ownership === "BucketOwnerEnforced"
          ? aclNotSupported()
          : notImplemented("TargetGrants of access logs: grant access with a policy of the target bucket instead");
      }
      const { SimplePrefix, PartitionedPrefix } = logging.TargetObjectKeyFormat ?? {};
      if (SimplePrefix !== undefined && PartitionedPrefix !== undefined) {
        throw malformedXml();
      }
      state.update(bucket, { logging });
      return {};
    },

    GetBucketLogging(input) {
      const { logging } = state.bucket(input);
      return logging === undefined ? {} : { LoggingEnabled: logging };
    },
  } satisfies S3Operations;
}
