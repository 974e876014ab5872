import type { AccessNeeds } from "../../core/access.ts";
import type { RequestContext } from "../../core/service.ts";
import { bucketArn, bucketNeeds, numeric, requestConditions } from "./access-needs.ts";
import { objectAccess } from "./object-access.ts";
import type { S3, S3Input } from "./s3-sdk.ts";
import type { S3State } from "./s3-state.ts";

/**
 * What each operation of S3 needs.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function s3Access(state: S3State): AccessNeeds<S3> {
  return {
    ...bucketAccess(state),
    ...configurationAccess(state),
    ...objectAccess(state),
  };
}

type BucketInput = { readonly Bucket?: string | undefined };

function bucketAccess(state: S3State) {
  const listing = (action: string) => (input: ListInput, context: RequestContext) =>
    bucketNeeds(state, input.Bucket, [action], context, {
      "s3:prefix": input.Prefix,
      "s3:delimiter": input.Delimiter,
      "s3:max-keys": numeric(input.MaxKeys ?? input.MaxUploads),
    });

  return {
    CreateBucket(input, context) {
      const needs = bucketCreationActions(input);
      const tags = input.CreateBucketConfiguration?.Tags ?? [];
      const conditions = {
        ...requestConditions(context),
        "s3:LocationConstraint": input.CreateBucketConfiguration?.LocationConstraint,
        "s3:x-amz-acl": input.ACL,
        "s3:x-amz-object-ownership": input.ObjectOwnership,
        ...Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [`aws:RequestTag/${Key}`, Value])),
        ...(tags.length === 0 ? {} : { "aws:TagKeys": tags.map(({ Key = "" }) => Key) }),
      };
      const resource = bucketArn(input.Bucket ?? "");
      return needs.map((action) => ({ action, resource, conditions }));
    },

    // Policies that list buckets name `arn:aws:s3:::*`, as AWS's own examples do.
    ListBuckets: (_input, context) => [
      { action: "s3:ListAllMyBuckets", resource: bucketArn("*"), conditions: requestConditions(context) },
    ],

    HeadBucket: (input, context) => bucketNeeds(state, input.Bucket, ["s3:ListBucket"], context),
    GetBucketLocation: (input, context) => bucketNeeds(state, input.Bucket, ["s3:GetBucketLocation"], context),
    DeleteBucket: (input, context) => bucketNeeds(state, input.Bucket, ["s3:DeleteBucket"], context),
    ListObjects: listing("s3:ListBucket"),
    ListObjectsV2: listing("s3:ListBucket"),
    ListObjectVersions: listing("s3:ListBucketVersions"),
    ListMultipartUploads: listing("s3:ListBucketMultipartUploads"),
  } satisfies AccessNeeds<S3>;
}

interface ListInput extends BucketInput {
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
  readonly MaxUploads?: number | undefined;
}

/** What creating a bucket needs beside `s3:CreateBucket`. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
function bucketCreationActions(input: S3Input<"CreateBucket">): string[] {
  const grants = [
    input.GrantFullControl,
    input.GrantRead,
    input.GrantReadACP,
    input.GrantWrite,
    input.GrantWriteACP,
  ].some((header) => header !== undefined);
  return [
    "s3:CreateBucket",
    ...((input.ACL ?? "private") !== "private" || grants ? ["s3:PutBucketAcl"] : []),
    ...(input.ObjectOwnership === undefined ? [] : ["s3:PutBucketOwnershipControls"]),
    ...(input.ObjectLockEnabledForBucket === true
      ? ["s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning"]
      : []),
    ...(input.CreateBucketConfiguration?.Tags?.length ? ["s3:TagResource"] : []),
  ];
}

/** Settings of buckets. Several actions are called otherwise than the operation, and deleting a setting is mostly putting it. */
function configurationAccess(state: S3State) {
  const on = (action: string) => (input: BucketInput, context: RequestContext) =>
    bucketNeeds(state, input.Bucket, [action], context);

  return {
    GetBucketVersioning: on("s3:GetBucketVersioning"),
    PutBucketVersioning: on("s3:PutBucketVersioning"),
    GetBucketEncryption: on("s3:GetEncryptionConfiguration"),
    PutBucketEncryption: on("s3:PutEncryptionConfiguration"),
    DeleteBucketEncryption: on("s3:PutEncryptionConfiguration"),
    GetBucketOwnershipControls: on("s3:GetBucketOwnershipControls"),
    PutBucketOwnershipControls: on("s3:PutBucketOwnershipControls"),
    DeleteBucketOwnershipControls: on("s3:PutBucketOwnershipControls"),
    GetBucketLogging: on("s3:GetBucketLogging"),
    PutBucketLogging: on("s3:PutBucketLogging"),
    GetBucketNotificationConfiguration: on("s3:GetBucketNotification"),
    PutBucketNotificationConfiguration: on("s3:PutBucketNotification"),
    GetBucketCors: on("s3:GetBucketCORS"),
    PutBucketCors: on("s3:PutBucketCORS"),
    DeleteBucketCors: on("s3:PutBucketCORS"),
    GetBucketWebsite: on("s3:GetBucketWebsite"),
    DeleteBucketWebsite: on("s3:DeleteBucketWebsite"),
    GetBucketReplication: on("s3:GetReplicationConfiguration"),
    DeleteBucketReplication: on("s3:PutReplicationConfiguration"),
    GetBucketAccelerateConfiguration: on("s3:GetAccelerateConfiguration"),
    PutBucketAccelerateConfiguration: on("s3:PutAccelerateConfiguration"),
    GetBucketRequestPayment: on("s3:GetBucketRequestPayment"),
    PutBucketRequestPayment: on("s3:PutBucketRequestPayment"),
    GetBucketLifecycleConfiguration: on("s3:GetLifecycleConfiguration"),
    PutBucketLifecycleConfiguration: on("s3:PutLifecycleConfiguration"),
    DeleteBucketLifecycle: on("s3:PutLifecycleConfiguration"),
    GetBucketAcl: on("s3:GetBucketAcl"),
    PutBucketAcl: (input, context) =>
      bucketNeeds(state, input.Bucket, ["s3:PutBucketAcl"], context, { "s3:x-amz-acl": input.ACL }),
    GetBucketPolicy: on("s3:GetBucketPolicy"),
    PutBucketPolicy: on("s3:PutBucketPolicy"),
    DeleteBucketPolicy: on("s3:DeleteBucketPolicy"),
    GetBucketPolicyStatus: on("s3:GetBucketPolicyStatus"),
    GetPublicAccessBlock: on("s3:GetBucketPublicAccessBlock"),
    PutPublicAccessBlock: on("s3:PutBucketPublicAccessBlock"),
    DeletePublicAccessBlock: on("s3:PutBucketPublicAccessBlock"),
    GetBucketTagging: on("s3:GetBucketTagging"),
    PutBucketTagging: on("s3:PutBucketTagging"),
    DeleteBucketTagging: on("s3:PutBucketTagging"),
    GetObjectLockConfiguration: on("s3:GetBucketObjectLockConfiguration"),
    PutObjectLockConfiguration: on("s3:PutBucketObjectLockConfiguration"),
  } satisfies AccessNeeds<S3>;
}
