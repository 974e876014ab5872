import { AwsError } from "../../core/aws-error.ts";
import type { ObjectVersion, StoredObject } from "./object-version.ts";
import { noSuchKey, notImplemented, preconditionFailed } from "./s3-errors.ts";
import { isObject } from "./s3-state.ts";

/** Conditions on a read; entity tags with or without quotes. */
export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/**
 * Judges the conditions of a read, in the order of RFC 9110, section 13.2.2.
 *
 * @throws AwsError `PreconditionFailed` (412) or `NotModified` (304)
 */
export function checkReadConditions(object: StoredObject, conditions: ReadConditions): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, object.etag)) {
      throw preconditionFailed("If-Match");
    }
  } else if (IfUnmodifiedSince !== undefined && object.lastModified > IfUnmodifiedSince) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  const unchanged =
    IfNoneMatch === undefined
      ? IfModifiedSince !== undefined && object.lastModified <= IfModifiedSince
      : matches(IfNoneMatch, object.etag);
  if (unchanged) {
    throw new AwsError("NotModified", "Not Modified", {
      status: 304,
      headers: { etag: `"${object.etag}"`, "last-modified": object.lastModified.toUTCString() },
    });
  }
}

/**
 * Judges the conditions of a copy against its source: any that fails is `PreconditionFailed`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function checkCopyConditions(source: StoredObject, conditions: ReadConditions): void {
  try {
    checkReadConditions(source, conditions);
  } catch (error) {
    if (error instanceof AwsError && error.code === "NotModified") {
      throw preconditionFailed(
        conditions.IfNoneMatch === undefined
          ? "x-amz-copy-source-if-modified-since"
          : "x-amz-copy-source-if-none-match",
      );
    }
    throw error;
  }
}

/**
 * Judges the conditions of a write against the current version of the key. Check and write happen in one synchronous
 * transaction, so that of two writers with `If-None-Match: *` exactly one wins.
 *
 * @throws AwsError `PreconditionFailed`, `NoSuchKey` (If-Match on nothing) or `NotImplemented` (If-None-Match other than `*`)
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWriteConditions(
  key: string,
  current: ObjectVersion | undefined,
  { IfMatch, IfNoneMatch }: Pick<ReadConditions, "IfMatch" | "IfNoneMatch">,
): void {
  if (IfNoneMatch !== undefined) {
    if (IfMatch !== undefined) {
      throw notImplemented("If-Match together with If-None-Match");
    }
    if (IfNoneMatch.trim() !== "*") {
      throw notImplemented("If-None-Match on writes with a value other than *");
    }
    if (isObject(current)) {
      throw preconditionFailed("If-None-Match");
    }
  }
  if (IfMatch !== undefined) {
    if (!isObject(current)) {
      throw noSuchKey(key);
    }
    if (!matches(IfMatch, current.etag)) {
      throw preconditionFailed("If-Match");
    }
  }
}

function matches(condition: string, etag: string): boolean {
  return condition
    .split(",")
    .map((one) =>
      one
        .trim()
        .replace(/^W\//, "")
        .replace(/^"(.*)"$/, "$1"),
    )
    .some((one) => one === "*" || one === etag);
}
