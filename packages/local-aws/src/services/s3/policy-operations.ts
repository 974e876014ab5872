import { isPublicAcl } from "./bucket-acl.ts";
import { isPublicPolicy, parseBucketPolicy } from "./bucket-policy.ts";
import type { BucketRecord } from "./bucket-record.ts";
import { notFound } from "./configuration-operations.ts";
import { accessDenied, malformedXml } from "./s3-errors.ts";
import type { S3Operations } from "./s3-sdk.ts";
import type { S3State } from "./s3-state.ts";

/** Bucket policies and what keeps them from opening a bucket to the world. */
export function policyOperations(state: S3State) {
  return {
    PutBucketPolicy(input, { principal }) {
      const bucket = state.bucket(input);
      const document = input.Policy ?? "";
      const statements = parseBucketPolicy(document, bucket.name);
      if (bucket.publicAccessBlock?.BlockPublicPolicy === true && isPublicPolicy(statements)) {
        throw accessDenied(
          `User: ${principal.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::${bucket.name}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
        );
      }
      state.update(bucket, { policy: document });
      return {};
    },

    GetBucketPolicy(input) {
      return { Policy: policyOf(state.bucket(input)) };
    },

    DeleteBucketPolicy(input) {
      const { policy: _policy, ...rest }: BucketRecord = state.bucket(input);
      state.buckets.put(rest.name, rest);
      return {};
    },

    GetBucketPolicyStatus(input) {
      const bucket = state.bucket(input);
      const statements = parseBucketPolicy(policyOf(bucket), bucket.name);
      return { PolicyStatus: { IsPublic: isPublicPolicy(statements) || isPublicAcl(bucket.grants) } };
    },

    PutPublicAccessBlock(input) {
      const bucket = state.bucket(input);
      const configuration = input.PublicAccessBlockConfiguration;
      if (configuration === undefined) {
        throw malformedXml();
      }
      state.update(bucket, {
        publicAccessBlock: {
          BlockPublicAcls: configuration.BlockPublicAcls ?? false,
          IgnorePublicAcls: configuration.IgnorePublicAcls ?? false,
          BlockPublicPolicy: configuration.BlockPublicPolicy ?? false,
          RestrictPublicBuckets: configuration.RestrictPublicBuckets ?? false,
        },
      });
      return {};
    },

    GetPublicAccessBlock(input) {
      const bucket = state.bucket(input);
      if (bucket.publicAccessBlock === undefined) {
        throw notFound(
          "NoSuchPublicAccessBlockConfiguration",
          "The public access block configuration was not found",
          bucket,
        );
      }
      return { PublicAccessBlockConfiguration: bucket.publicAccessBlock };
    },

    DeletePublicAccessBlock(input) {
      const { publicAccessBlock: _block, ...rest }: BucketRecord = state.bucket(input);
      state.buckets.put(rest.name, rest);
      return {};
    },
  } satisfies S3Operations;
}

function policyOf(bucket: BucketRecord): string {
  if (bucket.policy === undefined) {
    throw notFound("NoSuchBucketPolicy", "The bucket policy does not exist", bucket);
  }
  return bucket.policy;
}
