import { AwsError } from "../../core/aws-error.ts";
import type { BucketRecord } from "./bucket-record.ts";
import type { ObjectEncryption } from "./object-version.ts";
import { invalidArgument, notImplemented } from "./s3-errors.ts";
import type { S3State } from "./s3-state.ts";

/** What a request says about encryption. */
interface EncryptionInput {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly SSEKMSEncryptionContext?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly SSECustomerKey?: string | undefined;
}

/** Members of answers about encryption. */
interface EncryptionMembers {
  ServerSideEncryption: ObjectEncryption["algorithm"];
  SSEKMSKeyId?: string;
  SSEKMSEncryptionContext?: string;
  BucketKeyEnabled?: boolean;
}

/**
 * How a new object is encrypted: as the request says, else as the bucket's default says.
 *
 * @throws AwsError `InvalidArgument`, `KMS.NotFoundException`, or `NotImplemented` for keys that the customer sends (SSE-C)
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html
 */
export function encryptionOf(state: S3State, bucket: BucketRecord, input: EncryptionInput): ObjectEncryption {
  if (input.SSECustomerAlgorithm !== undefined || input.SSECustomerKey !== undefined) {
    throw notImplemented("server-side encryption with customer-provided keys (SSE-C)");
  }
  const rule = bucket.encryption[0];
  const byDefault = rule?.ApplyServerSideEncryptionByDefault;
  const algorithm = input.ServerSideEncryption ?? byDefault?.SSEAlgorithm ?? "AES256";
  if (algorithm !== "AES256" && algorithm !== "aws:kms" && algorithm !== "aws:kms:dsse") {
    throw invalidArgument(
      "The encryption method specified is not supported",
      "x-amz-server-side-encryption",
      algorithm,
    );
  }
  if (algorithm === "AES256") {
    if (input.SSEKMSKeyId !== undefined) {
      throw invalidArgument(
        "Server Side Encryption with KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id",
        input.SSEKMSKeyId,
      );
    }
    return { algorithm };
  }
  const keyId = input.SSEKMSKeyId ?? (input.ServerSideEncryption === undefined ? byDefault?.KMSMasterKeyID : undefined);
  const bucketKey = input.BucketKeyEnabled ?? rule?.BucketKeyEnabled ?? false;
  return {
    algorithm,
    kmsKeyArn: keyArn(state, keyId),
    ...(input.SSEKMSEncryptionContext === undefined ? {} : { kmsContext: input.SSEKMSEncryptionContext }),
    ...(bucketKey && algorithm === "aws:kms" ? { bucketKeyEnabled: true } : {}),
  };
}

function keyArn(state: S3State, keyId: string = "alias/aws/s3"): string {
  if (state.keys === undefined) {
    return keyId.startsWith("arn:")
      ? keyId
      : `arn:aws:kms:${state.core.region}:${state.core.accountId}:${keyId.startsWith("alias/") ? keyId : `key/${keyId}`}`;
  }
  const arn = state.keys.findKeyArn(keyId);
  if (arn === undefined) {
    throw new AwsError("KMS.NotFoundException", `Invalid keyId '${keyId}'`, { status: 400 });
  }
  return arn;
}

/** An object's encryption as members of an answer. */
export function encryptionMembers(encryption: ObjectEncryption): EncryptionMembers {
  return {
    ServerSideEncryption: encryption.algorithm,
    ...(encryption.kmsKeyArn === undefined ? {} : { SSEKMSKeyId: encryption.kmsKeyArn }),
    ...(encryption.kmsContext === undefined ? {} : { SSEKMSEncryptionContext: encryption.kmsContext }),
    ...(encryption.bucketKeyEnabled === undefined ? {} : { BucketKeyEnabled: encryption.bucketKeyEnabled }),
  };
}
