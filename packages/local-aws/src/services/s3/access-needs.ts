import type { AccessNeed, ConditionValues, ResourcePolicy } from "../../core/access.ts";
import type { RequestContext } from "../../core/service.ts";
import type { BucketRecord } from "./bucket-record.ts";
import type { S3State } from "./s3-state.ts";

/** The ARN of a bucket. */
export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

/** The ARN of an object. */
export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}

/** A bucket's policy as the authorizer takes it. */
export function bucketPolicy({ name, policy }: BucketRecord): ResourcePolicy | undefined {
  return policy === undefined ? undefined : { name: `bucket policy of ${name}`, document: policy, mode: "sufficient" };
}

/**
 * Condition keys that every request has. Nothing leaves the machine, which counts as the best TLS that S3 knows.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
 */
export function requestConditions({ http, accountId }: RequestContext): ConditionValues {
  const isPresigned = http.query.has("X-Amz-Signature");
  return {
    "s3:TlsVersion": "1.3",
    "s3:ResourceAccount": accountId,
    "s3:signatureversion": "AWS4-HMAC-SHA256",
    "s3:authType": isPresigned ? "REST-QUERY-STRING" : "REST-HEADER",
    "s3:x-amz-content-sha256": http.headers["x-amz-content-sha256"],
    ...(isPresigned ? { "s3:signatureAge": signatureAge(http.query.get("X-Amz-Date")) } : {}),
  };
}

/** Milliseconds since a request was presigned; S3 compares ages, not times. */
function signatureAge(date: string | null): string | undefined {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date ?? "") ?? [];
  const [year = "", month = "", day = "", hour = "", minute = "", second = ""] = parts;
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(signed) ? undefined : String(Math.max(0, Date.now() - signed));
}

/**
 * What something done to a bucket needs. Nothing when there is no such bucket: S3 has to know a bucket's owner before it can ask
 * for permissions, and tells anybody that a name is not taken.
 */
export function bucketNeeds(
  state: S3State,
  bucketName: string | undefined,
  actions: readonly string[],
  context: RequestContext,
  conditions: ConditionValues = {},
): AccessNeed[] {
  const bucket = state.buckets.get(bucketName ?? "");
  return bucket === undefined ? [] : needsOn(bucket, bucketArn(bucket.name), actions, context, conditions);
}

/** What something done to an object, be it there or not, needs; nothing when there is no such bucket. */
export function objectNeeds(
  state: S3State,
  { Bucket, Key }: { readonly Bucket?: string | undefined; readonly Key?: string | undefined },
  actions: readonly string[],
  context: RequestContext,
  conditions: ConditionValues = {},
): AccessNeed[] {
  const bucket = state.buckets.get(Bucket ?? "");
  return bucket === undefined ? [] : needsOn(bucket, objectArn(bucket.name, Key ?? ""), actions, context, conditions);
}

function needsOn(
  bucket: BucketRecord,
  resource: string,
  actions: readonly string[],
  context: RequestContext,
  own: ConditionValues,
): AccessNeed[] {
  const conditions = { ...requestConditions(context), ...own };
  const resourcePolicy = bucketPolicy(bucket);
  return actions.map((action) => ({ action, resource, conditions, resourcePolicy }));
}

/** A number as a condition value. */
export function numeric(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
