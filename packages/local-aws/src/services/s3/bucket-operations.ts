import { AwsError } from "../../core/aws-error.ts";
import { cannedGrants, hasGrantHeaders, isPublicAcl } from "./bucket-acl.ts";
import { checkBucketName } from "./bucket-name.ts";
import type { BucketRecord } from "./bucket-record.ts";
import { invalidArgument, notImplemented } from "./s3-errors.ts";
import type { S3Input, S3Operations } from "./s3-sdk.ts";
import type { S3State } from "./s3-state.ts";
import { tagsOf } from "./tag-set.ts";

/** The Region whose buckets have no location constraint. */
const CLASSIC_REGION = "us-east-1";
const MOST_BUCKETS = 10_000;

/** Creating, finding, listing and deleting buckets. */
export function bucketOperations(state: S3State) {
  const { core } = state;
  const headBucket = (input: S3Input<"HeadBucket">): BucketRecord => {
    try {
      return state.bucket(input);
    } catch (error) {
      throw error instanceof AwsError && error.code === "NoSuchBucket"
        ? new AwsError("NotFound", "Not Found", { status: 404, cause: error })
        : error;
    }
  };

  return {
    CreateBucket(input) {
      const name = input.Bucket ?? "";
      checkBucketName(name);
      checkLocation(core.region, input);
      const existing = state.buckets.get(name);
      if (existing !== undefined) {
        // In us-east-1 creating one's own bucket again succeeds, for the sake of old clients.
        if (core.region !== CLASSIC_REGION) {
          throw new AwsError(
            "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it.",
            { status: 409, fields: { BucketName: name } },
          );
        }
        return { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
      }
      state.buckets.put(name, newBucket(state, name, input));
      return { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
    },

    HeadBucket(input) {
      const { name, region } = headBucket(input);
      return { BucketRegion: region, BucketArn: `arn:aws:s3:::${name}`, AccessPointAlias: false };
    },

    GetBucketLocation(input) {
      const { region } = state.bucket(input);
      return region === CLASSIC_REGION ? {} : { LocationConstraint: region as "eu-west-1" };
    },

    ListBuckets(input) {
      const limit = input.MaxBuckets ?? MOST_BUCKETS;
      if (limit < 1 || limit > MOST_BUCKETS) {
        throw invalidArgument("max-buckets must be between 1 and 10000", "max-buckets", String(limit));
      }
      const token = input.ContinuationToken;
      const after = token === undefined ? "" : Buffer.from(token, "base64url").toString();
      const matching = state.buckets
        .values(input.Prefix)
        .filter(({ name, region }) => name > after && (input.BucketRegion ?? region) === region);
      const page = matching.slice(0, limit);
      return {
        Owner: state.owner(),
        Prefix: input.Prefix,
        ContinuationToken:
          matching.length > page.length ? Buffer.from(page.at(-1)?.name ?? "").toString("base64url") : undefined,
        Buckets: page.map(({ name, createdAt, region }) => ({
          Name: name,
          CreationDate: createdAt,
          BucketRegion: region,
          BucketArn: `arn:aws:s3:::${name}`,
        })),
      };
    },

    DeleteBucket(input) {
      const { name } = state.bucket(input);
      if (!state.versions.isEmpty(name)) {
        throw new AwsError("BucketNotEmpty", "The bucket you tried to delete is not empty", {
          status: 409,
          fields: { BucketName: name },
        });
      }
      const orphans = core.store.transaction(() => {
        state.buckets.delete(name);
        const parts = state.parts.entries(`${name}/`);
        for (const [key] of parts) {
          state.parts.delete(key);
        }
        for (const [key] of state.uploads.entries(`${name}/`)) {
          state.uploads.delete(key);
        }
        return parts.map(([, { blob }]) => blob);
      });
      state.dropBlobs(orphans);
      return {};
    },
  } satisfies S3Operations;
}

function checkLocation(region: string, { CreateBucketConfiguration: configuration }: S3Input<"CreateBucket">): void {
  if (configuration?.Location !== undefined || configuration?.Bucket !== undefined) {
    throw notImplemented("directory buckets");
  }
  const constraint: string | undefined = configuration?.LocationConstraint;
  if (constraint === CLASSIC_REGION) {
    throw new AwsError("InvalidLocationConstraint", "The specified location-constraint is not valid", {
      status: 400,
      fields: { LocationConstraint: constraint },
    });
  }
  if ((constraint ?? CLASSIC_REGION) === region) {
    return;
  }
  if (region === CLASSIC_REGION) {
    throw notImplemented(`buckets in ${constraint}: it plays only the Region ${region}`);
  }
  throw new AwsError(
    "IllegalLocationConstraintException",
    `The ${constraint ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    { status: 400 },
  );
}

/**
 * A bucket as AWS makes it since April 2023: encrypted with S3's own keys, closed to the public, without ACLs.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
 */
function newBucket(state: S3State, name: string, input: S3Input<"CreateBucket">): BucketRecord {
  if (hasGrantHeaders(input)) {
    throw notImplemented("x-amz-grant-* headers; set an ACL with PutBucketAcl instead");
  }
  const ownership = input.ObjectOwnership ?? "BucketOwnerEnforced";
  const grants = cannedGrants(state, input.ACL ?? "private");
  if (ownership === "BucketOwnerEnforced" && grants.length > 1) {
    throw new AwsError(
      "InvalidBucketAclWithObjectOwnership",
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
      { status: 400 },
    );
  }
  if (isPublicAcl(grants)) {
    throw new AwsError(
      "InvalidBucketAclWithBlockPublicAccessError",
      "Bucket cannot have public ACLs set with BlockPublicAccess enabled",
      { status: 400 },
    );
  }
  const tags = input.CreateBucketConfiguration?.Tags;
  return {
    name,
    createdAt: state.now(),
    region: state.core.region,
    encryption: DEFAULT_ENCRYPTION,
    ownership,
    publicAccessBlock: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
    grants,
    ...(input.ObjectLockEnabledForBucket === true ? { versioning: "Enabled", objectLock: {} } : {}),
    ...(tags === undefined ? {} : { tags: tagsOf(tags, 50) }),
  };
}

/** What every bucket has unless it was given another. */
export const DEFAULT_ENCRYPTION: BucketRecord["encryption"] = [
  { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false },
];
