import type { AccessNeed, AccessNeeds, ConditionValues } from "../../core/access.ts";
import { AwsError } from "../../core/aws-error.ts";
import { keyNeeds } from "../../core/key-needs.ts";
import type { RequestContext } from "../../core/service.ts";
import { bucketArn, objectArn, objectNeeds } from "./access-needs.ts";
import { hasGrantHeaders } from "./bucket-acl.ts";
import { parseCopySource } from "./copy-source.ts";
import { encryptionOf } from "./object-encryption.ts";
import type { ObjectEncryption, StoredObject } from "./object-version.ts";
import type { S3, S3Input } from "./s3-sdk.ts";
import { isObject, type S3State } from "./s3-state.ts";

/** What names an object in a request. */
interface ObjectInput {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}

/** Members of writing requests that matter for permissions. */
type WriteInput = Pick<
  S3Input<"PutObject">,
  | "Bucket"
  | "Key"
  | "ACL"
  | "GrantFullControl"
  | "GrantRead"
  | "GrantReadACP"
  | "GrantWriteACP"
  | "Tagging"
  | "StorageClass"
  | "WebsiteRedirectLocation"
  | "ServerSideEncryption"
  | "SSEKMSKeyId"
  | "SSECustomerAlgorithm"
  | "ObjectLockMode"
  | "ObjectLockRetainUntilDate"
  | "ObjectLockLegalHoldStatus"
> & { readonly IfMatch?: string | undefined; readonly IfNoneMatch?: string | undefined };

/** What operations on objects need. Deleting many is judged key by key, where it happens. */
export function objectAccess(state: S3State) {
  return { ...readAccess(state), ...writeAccess(state), ...partAccess(state), ...subresourceAccess(state) };
}

function readAccess(state: S3State) {
  return {
    GetObject: (input, context) => readNeeds(state, input, ["GetObject"], context, { decrypts: true }),
    // The metadata of an object is not encrypted; its checksum is.
    HeadObject: (input, context) =>
      readNeeds(state, input, ["GetObject"], context, { decrypts: input.ChecksumMode === "ENABLED" }),
    GetObjectAttributes: (input, context) =>
      readNeeds(state, input, ["GetObject", "GetObjectAttributes"], context, { decrypts: true }),
  } satisfies AccessNeeds<S3>;
}

function writeAccess(state: S3State) {
  return {
    PutObject: (input, context) => [
      ...writeNeeds(state, input, context, { "s3:ObjectCreationOperation": "true" }),
      ...encryptionNeeds(state, input, context, ["kms:GenerateDataKey"]),
    ],

    CopyObject(input, context) {
      const source = sourceOf(state, input.CopySource);
      const copiesTags = input.TaggingDirective !== "REPLACE" && Object.keys(source.object?.tags ?? {}).length > 0;
      return [
        ...readNeeds(state, source, ["GetObject", ...(copiesTags ? ["GetObjectTagging"] : [])], context, {
          decrypts: true,
        }),
        ...writeNeeds(
          state,
          input,
          context,
          {
            "s3:ObjectCreationOperation": "true",
            "s3:x-amz-copy-source": input.CopySource?.replace(/^\//, ""),
            "s3:x-amz-metadata-directive": input.MetadataDirective,
          },
          copiesTags ? ["s3:PutObjectTagging"] : [],
        ),
        ...encryptionNeeds(state, input, context, ["kms:GenerateDataKey"]),
      ];
    },

    DeleteObject: (input, context) => deletionNeeds(state, input, context),
    DeleteObjects: () => [],
  } satisfies AccessNeeds<S3>;
}

/** Uploads in parts. Parts are encrypted one by one and read again in the end, so that the key has to open and close. */
function partAccess(state: S3State) {
  const ofUpload = (
    input: ObjectInput & { readonly UploadId?: string | undefined },
    context: RequestContext,
    actions: readonly string[],
  ): AccessNeed[] => {
    const upload = state.uploads.get(`${input.Bucket}/${input.UploadId}`);
    return upload === undefined ? [] : objectKeyNeeds(state, input, upload.encryption, context, actions);
  };
  const putPart = (input: ObjectInput, context: RequestContext, conditions: ConditionValues = {}): AccessNeed[] =>
    objectNeeds(state, input, ["s3:PutObject"], context, { "s3:ObjectCreationOperation": "false", ...conditions });

  return {
    CreateMultipartUpload: (input, context) => [
      ...writeNeeds(state, input, context, { "s3:ObjectCreationOperation": "false" }),
      ...encryptionNeeds(state, input, context, ["kms:GenerateDataKey", "kms:Decrypt"]),
    ],
    UploadPart: (input, context) => [
      ...putPart(input, context),
      ...ofUpload(input, context, ["kms:GenerateDataKey", "kms:Decrypt"]),
    ],
    UploadPartCopy: (input, context) => [
      ...readNeeds(state, sourceOf(state, input.CopySource), ["GetObject"], context, { decrypts: true }),
      ...putPart(input, context, { "s3:x-amz-copy-source": input.CopySource?.replace(/^\//, "") }),
      ...ofUpload(input, context, ["kms:GenerateDataKey", "kms:Decrypt"]),
    ],
    CompleteMultipartUpload: (input, context) => [
      ...objectNeeds(state, input, ["s3:PutObject"], context, {
        "s3:ObjectCreationOperation": "true",
        "s3:if-match": input.IfMatch,
        "s3:if-none-match": input.IfNoneMatch,
      }),
      ...ofUpload(input, context, ["kms:Decrypt"]),
    ],
    AbortMultipartUpload: (input, context) => objectNeeds(state, input, ["s3:AbortMultipartUpload"], context),
    ListParts: (input, context) => objectNeeds(state, input, ["s3:ListMultipartUploadParts"], context),
  } satisfies AccessNeeds<S3>;
}

/** Tags, ACLs and locks of objects. */
function subresourceAccess(state: S3State) {
  const on = (action: string) => (input: ObjectInput, context: RequestContext) =>
    readNeeds(state, input, [action], context, { decrypts: false });

  return {
    GetObjectTagging: on("GetObjectTagging"),
    DeleteObjectTagging: on("DeleteObjectTagging"),
    GetObjectAcl: on("GetObjectAcl"),
    PutObjectTagging(input, context) {
      const tags = input.Tagging?.TagSet ?? [];
      const conditions = tagConditions(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
      return readNeeds(state, input, ["PutObjectTagging"], context, { decrypts: false, conditions });
    },
    GetObjectRetention: (input, context) => objectNeeds(state, input, ["s3:GetObjectRetention"], context),
    PutObjectRetention: (input, context) =>
      objectNeeds(
        state,
        input,
        ["s3:PutObjectRetention", ...(input.BypassGovernanceRetention ? ["s3:BypassGovernanceRetention"] : [])],
        context,
        {
          "s3:object-lock-mode": input.Retention?.Mode,
          ...retainUntilConditions(state, input.Retention?.RetainUntilDate),
        },
      ),
    GetObjectLegalHold: (input, context) => objectNeeds(state, input, ["s3:GetObjectLegalHold"], context),
    PutObjectLegalHold: (input, context) =>
      objectNeeds(state, input, ["s3:PutObjectLegalHold"], context, {
        "s3:object-lock-legal-hold": input.LegalHold?.Status,
      }),
  } satisfies AccessNeeds<S3>;
}

/** What deleting one object, or one version, needs. */
export function deletionNeeds(
  state: S3State,
  input: ObjectInput & Pick<S3Input<"DeleteObject">, "IfMatch" | "BypassGovernanceRetention">,
  context: RequestContext,
): AccessNeed[] {
  const actions = [
    input.VersionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion",
    ...(input.BypassGovernanceRetention === true ? ["s3:BypassGovernanceRetention"] : []),
    ...readsEntityTag(input.IfMatch),
  ];
  return objectNeeds(state, input, actions, context, { "s3:versionid": input.VersionId, "s3:if-match": input.IfMatch });
}

/**
 * Whoever may compare entity tags learns what is there; `*` only asks whether.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-delete-enforce.html
 */
function readsEntityTag(ifMatch: string | undefined): string[] {
  return ifMatch === undefined || ifMatch === "*" ? [] : ["s3:GetObject"];
}

/** What a caller needs so that a service may read an object for him (Lambda: its code). */
export function objectReadNeeds(
  state: S3State,
  object: { readonly Bucket: string; readonly Key: string; readonly VersionId?: string },
  context: RequestContext,
): AccessNeed[] {
  return readNeeds(state, object, ["GetObject"], context, { decrypts: true });
}

/** What reading an object, or something about it, needs: `GetObject` is `GetObjectVersion` when it names a version. */
function readNeeds(
  state: S3State,
  input: ObjectInput,
  actions: readonly string[],
  context: RequestContext,
  options: { readonly decrypts: boolean; readonly conditions?: ConditionValues },
): AccessNeed[] {
  const { VersionId } = input;
  const object = objectOf(state, input);
  const names = VersionId === undefined ? actions : actions.map((name) => name.replace("Object", "ObjectVersion"));
  const needs = objectNeeds(
    state,
    input,
    names.map((name) => `s3:${name}`),
    context,
    { "s3:versionid": VersionId, ...existingTagConditions(object), ...options.conditions },
  );
  return options.decrypts && object !== undefined && needs.length > 0
    ? [...needs, ...objectKeyNeeds(state, input, object.encryption, context, ["kms:Decrypt"])]
    : needs;
}

function writeNeeds(
  state: S3State,
  input: WriteInput,
  context: RequestContext,
  conditions: ConditionValues,
  also: readonly string[] = [],
): AccessNeed[] {
  const setsLock = input.ObjectLockMode !== undefined || input.ObjectLockRetainUntilDate !== undefined;
  const actions = [
    "s3:PutObject",
    ...(input.ACL !== undefined || hasGrantHeaders(input) ? ["s3:PutObjectAcl"] : []),
    ...(input.Tagging ? ["s3:PutObjectTagging"] : also),
    ...(setsLock ? ["s3:PutObjectRetention"] : []),
    ...(input.ObjectLockLegalHoldStatus === undefined ? [] : ["s3:PutObjectLegalHold"]),
    ...readsEntityTag(input.IfMatch),
  ];
  return objectNeeds(state, input, actions, context, {
    "s3:x-amz-acl": input.ACL,
    "s3:x-amz-grant-full-control": input.GrantFullControl,
    "s3:x-amz-grant-read": input.GrantRead,
    "s3:x-amz-grant-read-acp": input.GrantReadACP,
    "s3:x-amz-grant-write-acp": input.GrantWriteACP,
    "s3:x-amz-storage-class": input.StorageClass,
    "s3:x-amz-website-redirect-location": input.WebsiteRedirectLocation,
    "s3:x-amz-server-side-encryption": input.ServerSideEncryption,
    "s3:x-amz-server-side-encryption-aws-kms-key-id": input.SSEKMSKeyId,
    "s3:x-amz-server-side-encryption-customer-algorithm": input.SSECustomerAlgorithm,
    "s3:object-lock-mode": input.ObjectLockMode,
    ...retainUntilConditions(state, input.ObjectLockRetainUntilDate),
    "s3:object-lock-legal-hold": input.ObjectLockLegalHoldStatus,
    "s3:if-match": input.IfMatch,
    "s3:if-none-match": input.IfNoneMatch,
    ...(input.Tagging ? tagConditions([...new URLSearchParams(input.Tagging)]) : {}),
    ...conditions,
  });
}

/** What a write needs of the key that it encrypts with, be it the request's or the bucket's default. */
function encryptionNeeds(
  state: S3State,
  input: ObjectInput & Parameters<typeof encryptionOf>[2],
  context: RequestContext,
  actions: readonly string[],
): AccessNeed[] {
  const bucket = state.buckets.get(input.Bucket ?? "");
  const encryption = bucket === undefined ? undefined : quietly(() => encryptionOf(state, bucket, input));
  return encryption === undefined ? [] : objectKeyNeeds(state, input, encryption, context, actions);
}

/** With a bucket key, S3 shows KMS the bucket instead of the object. */
function objectKeyNeeds(
  state: S3State,
  { Bucket = "", Key = "" }: ObjectInput,
  { kmsKeyArn, bucketKeyEnabled }: ObjectEncryption,
  context: RequestContext,
  actions: readonly string[],
): AccessNeed[] {
  if (kmsKeyArn === undefined) {
    return [];
  }
  const arn = bucketKeyEnabled === true ? bucketArn(Bucket) : objectArn(Bucket, Key);
  return keyNeeds(state.keys, "s3", { keyArn: kmsKeyArn, actions, encryptionContext: { "aws:s3:arn": arn } }, context);
}

function objectOf(state: S3State, { Bucket = "", Key = "", VersionId }: ObjectInput): StoredObject | undefined {
  const version =
    VersionId === undefined ? state.versions.latest(Bucket, Key) : state.versions.find(Bucket, Key, VersionId)?.version;
  return isObject(version) ? version : undefined;
}

function sourceOf(state: S3State, header: string | undefined): ObjectInput & { object?: StoredObject | undefined } {
  const named = parseCopySource(header);
  if (named === undefined) {
    return {};
  }
  const input = { Bucket: named.bucket, Key: named.key, VersionId: named.versionId };
  return { ...input, object: objectOf(state, input) };
}

function existingTagConditions(object: StoredObject | undefined): ConditionValues {
  const tags = Object.entries(object?.tags ?? {});
  return tags.length === 0
    ? {}
    : Object.fromEntries(tags.map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value]));
}

function tagConditions(tags: readonly (readonly [string, string])[]): ConditionValues {
  return {
    ...Object.fromEntries(tags.map(([key, value]) => [`s3:RequestObjectTag/${key}`, value])),
    "s3:RequestObjectTagKeys": tags.map(([key]) => key),
  };
}

function retainUntilConditions(state: S3State, until: Date | undefined): ConditionValues {
  const left = until === undefined ? Number.NaN : until.getTime() - state.core.clock.now();
  return Number.isNaN(left)
    ? {}
    : {
        "s3:object-lock-retain-until-date": until?.toISOString(),
        "s3:object-lock-remaining-retention-days": String(Math.ceil(left / 86_400_000)),
      };
}

/** What the request asks for is judged by the operation; here it only has to be known. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof AwsError) {
      return undefined;
    }
    throw error;
  }
}
