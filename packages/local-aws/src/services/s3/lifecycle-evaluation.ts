import type { LifecycleRule } from "@aws-sdk/client-s3";
import type { BucketRecord } from "./bucket-record.ts";
import type { MultipartUpload } from "./multipart-upload.ts";
import type { StoredObject } from "./object-version.ts";

const DAY_MS = 86_400_000;

/** The enabled rules of a bucket. */
export function enabledRules(bucket: BucketRecord): readonly LifecycleRule[] {
  return (bucket.lifecycle?.rules ?? []).filter(({ Status }) => Status === "Enabled");
}

/**
 * When something that happened `days` ago falls due: S3 rounds up to the next midnight UTC.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export function dueAt(since: Date, days: number): number {
  return Math.ceil((since.getTime() + days * DAY_MS) / DAY_MS) * DAY_MS;
}

/** True when a rule's filter takes in an object (or an upload, which has neither size nor tags to judge). */
export function ruleCovers(
  rule: LifecycleRule,
  subject: Pick<StoredObject, "key" | "size" | "tags"> | Pick<MultipartUpload, "key">,
): boolean {
  const filter = rule.Filter ?? {};
  const and = filter.And ?? {};
  const prefix = filter.Prefix ?? and.Prefix ?? rule.Prefix ?? "";
  if (!subject.key.startsWith(prefix)) {
    return false;
  }
  const wantedTags = [...(and.Tags ?? []), ...(filter.Tag === undefined ? [] : [filter.Tag])];
  const over = filter.ObjectSizeGreaterThan ?? and.ObjectSizeGreaterThan;
  const under = filter.ObjectSizeLessThan ?? and.ObjectSizeLessThan;
  if (!("size" in subject)) {
    return wantedTags.length === 0 && over === undefined && under === undefined;
  }
  return (
    wantedTags.every(({ Key = "", Value = "" }) => subject.tags[Key] === Value) &&
    (over === undefined || subject.size > over) &&
    (under === undefined || subject.size < under)
  );
}

/** When a current version expires (milliseconds since the epoch) and by which rule: the earliest of all that cover it. */
export function expirationOf(
  bucket: BucketRecord,
  object: StoredObject,
): { readonly at: number; readonly ruleId: string } | undefined {
  let earliest: { at: number; ruleId: string } | undefined;
  for (const rule of enabledRules(bucket)) {
    const { Days, Date: date } = rule.Expiration ?? {};
    const at = Days === undefined ? date?.getTime() : dueAt(object.lastModified, Days);
    if (at !== undefined && ruleCovers(rule, object) && (earliest === undefined || at < earliest.at)) {
      earliest = { at, ruleId: rule.ID ?? "" };
    }
  }
  return earliest;
}

/** The `x-amz-expiration` header of an object, if a rule expires it. */
export function nextExpiration(bucket: BucketRecord, object: StoredObject): string | undefined {
  const expiration = expirationOf(bucket, object);
  return expiration === undefined
    ? undefined
    : `expiry-date="${new Date(expiration.at).toUTCString()}", rule-id="${encodeURIComponent(expiration.ruleId)}"`;
}
