import { AwsError } from "../../core/aws-error.ts";
import { aclOperations } from "./acl-operations.ts";
import { DEFAULT_ENCRYPTION } from "./bucket-operations.ts";
import type { BucketRecord } from "./bucket-record.ts";
import { lifecycleOperations } from "./lifecycle-operations.ts";
import { loggingOperations } from "./logging-operations.ts";
import { invalidArgument, invalidRequest, malformedXml, notImplemented } from "./s3-errors.ts";
import type { S3Operations } from "./s3-sdk.ts";
import type { S3State } from "./s3-state.ts";

const OWNERSHIPS = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"] as const;
const CORS_METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD"];
const MOST_CORS_RULES = 100;

/** The settings of buckets that have an operation each to put, get and delete them. */
export function configurationOperations(state: S3State) {
  return {
    ...lifecycleOperations(state),
    ...aclOperations(state),
    ...loggingOperations(state),
    ...securitySettings(state),
    ...deliverySettings(state),
  };
}

/** Versioning, encryption, ownership. */
function securitySettings(state: S3State) {
  return {
    PutBucketVersioning(input) {
      const bucket = state.bucket(input);
      const { Status, MFADelete } = input.VersioningConfiguration ?? {};
      if (MFADelete === "Enabled") {
        throw notImplemented("MFA delete");
      }
      if (Status !== "Enabled" && Status !== "Suspended") {
        throw new AwsError(
          "IllegalVersioningConfigurationException",
          "The Versioning element must be specified with the status Enabled or Suspended",
          { status: 400 },
        );
      }
      if (Status === "Suspended" && bucket.objectLock !== undefined) {
        throw new AwsError(
          "InvalidBucketState",
          "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
          { status: 409 },
        );
      }
      state.update(bucket, { versioning: Status });
      return {};
    },

    GetBucketVersioning(input) {
      const { versioning } = state.bucket(input);
      return versioning === undefined ? {} : { Status: versioning };
    },

    PutBucketEncryption(input) {
      const bucket = state.bucket(input);
      const rules = input.ServerSideEncryptionConfiguration?.Rules ?? [];
      const [rule] = rules;
      const byDefault = rule?.ApplyServerSideEncryptionByDefault;
      if (rules.length !== 1 || rule === undefined) {
        throw malformedXml();
      }
      if (byDefault !== undefined && !["AES256", "aws:kms", "aws:kms:dsse"].includes(byDefault.SSEAlgorithm ?? "")) {
        throw malformedXml();
      }
      if (byDefault?.SSEAlgorithm === "AES256" && byDefault.KMSMasterKeyID !== undefined) {
        throw invalidArgument(
          "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
          "ApplyServerSideEncryptionByDefault",
          byDefault.KMSMasterKeyID,
        );
      }
      const blocked = rule.BlockedEncryptionTypes?.EncryptionType ?? [];
      if (blocked.some((type) => type !== "SSE-C" && type !== "NONE")) {
        throw malformedXml();
      }
      state.update(bucket, { encryption: [{ ...rule, BucketKeyEnabled: rule.BucketKeyEnabled ?? false }] });
      return {};
    },

    GetBucketEncryption(input) {
      return { ServerSideEncryptionConfiguration: { Rules: [...state.bucket(input).encryption] } };
    },

    DeleteBucketEncryption(input) {
      state.update(state.bucket(input), { encryption: DEFAULT_ENCRYPTION });
      return {};
    },

    PutBucketOwnershipControls(input) {
      const bucket = state.bucket(input);
      const rules = input.OwnershipControls?.Rules ?? [];
      const ownership = OWNERSHIPS.find((one) => one === rules[0]?.ObjectOwnership);
      if (rules.length !== 1 || ownership === undefined) {
        throw malformedXml();
      }
      if (ownership === "BucketOwnerEnforced" && bucket.grants.length > 1) {
        throw new AwsError(
          "InvalidBucketAclWithObjectOwnership",
          "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
          { status: 400 },
        );
      }
      state.update(bucket, { ownership });
      return {};
    },

    GetBucketOwnershipControls(input) {
      const bucket = state.bucket(input);
      if (bucket.ownership === undefined) {
        throw notFound("OwnershipControlsNotFoundError", "The bucket ownership controls were not found", bucket);
      }
      return { OwnershipControls: { Rules: [{ ObjectOwnership: bucket.ownership }] } };
    },

    DeleteBucketOwnershipControls(input) {
      const { ownership: _ownership, ...rest }: BucketRecord = state.bucket(input);
      state.buckets.put(rest.name, rest);
      return {};
    },
  } satisfies S3Operations;
}

/** Settings about how a bucket answers and whom it tells. */
function deliverySettings(state: S3State) {
  return {
    PutBucketNotificationConfiguration(input) {
      const bucket = state.bucket(input);
      const configuration = input.NotificationConfiguration ?? {};
      const asked = Object.entries(configuration).find(([, value]) => !Array.isArray(value) || value.length > 0);
      if (asked !== undefined) {
        throw notImplemented(`event notifications of buckets (${asked[0]})`);
      }
      state.update(bucket, { notification: {} });
      return {};
    },

    GetBucketNotificationConfiguration(input) {
      return { ...state.bucket(input).notification };
    },

    PutBucketCors(input) {
      const bucket = state.bucket(input);
      const rules = input.CORSConfiguration?.CORSRules ?? [];
      if (rules.length === 0 || rules.length > MOST_CORS_RULES) {
        throw malformedXml();
      }
      for (const { AllowedMethods = [], AllowedOrigins = [] } of rules) {
        const unsupported = AllowedMethods.find((method) => !CORS_METHODS.includes(method));
        if (unsupported !== undefined) {
          throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${unsupported}`);
        }
        if (AllowedMethods.length === 0 || AllowedOrigins.length === 0) {
          throw malformedXml();
        }
      }
      state.update(bucket, { cors: rules });
      return {};
    },

    GetBucketCors(input) {
      const bucket = state.bucket(input);
      if (bucket.cors === undefined) {
        throw notFound("NoSuchCORSConfiguration", "The CORS configuration does not exist", bucket);
      }
      return { CORSRules: [...bucket.cors] };
    },

    DeleteBucketCors(input) {
      const { cors: _cors, ...rest }: BucketRecord = state.bucket(input);
      state.buckets.put(rest.name, rest);
      return {};
    },

    GetBucketWebsite(input) {
      throw notFound(
        "NoSuchWebsiteConfiguration",
        "The specified bucket does not have a website configuration",
        state.bucket(input),
      );
    },

    DeleteBucketWebsite(input) {
      state.bucket(input);
      return {};
    },

    GetBucketReplication(input) {
      throw notFound(
        "ReplicationConfigurationNotFoundError",
        "The replication configuration was not found",
        state.bucket(input),
      );
    },

    DeleteBucketReplication(input) {
      state.bucket(input);
      return {};
    },

    PutBucketAccelerateConfiguration(input) {
      const bucket = state.bucket(input);
      const status = input.AccelerateConfiguration?.Status;
      if (status !== "Enabled" && status !== "Suspended") {
        throw malformedXml();
      }
      if (bucket.name.includes(".")) {
        throw invalidRequest("S3 Transfer Acceleration is not supported for buckets with periods (.) in their names");
      }
      state.update(bucket, { accelerate: status });
      return {};
    },

    GetBucketAccelerateConfiguration(input) {
      const { accelerate } = state.bucket(input);
      return accelerate === undefined ? {} : { Status: accelerate };
    },

    PutBucketRequestPayment(input) {
      const bucket = state.bucket(input);
      const payer = input.RequestPaymentConfiguration?.Payer;
      if (payer !== "BucketOwner" && payer !== "Requester") {
        throw malformedXml();
      }
      state.update(bucket, { requestPayer: payer });
      return {};
    },

    GetBucketRequestPayment(input) {
      return { Payer: state.bucket(input).requestPayer ?? "BucketOwner" };
    },
  } satisfies S3Operations;
}

/** A setting that the bucket does not have. */
export function notFound(code: string, message: string, { name }: BucketRecord): AwsError {
  return new AwsError(code, message, { status: 404, fields: { BucketName: name } });
}
