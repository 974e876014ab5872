import type { Tag } from "@aws-sdk/client-s3";
import { AwsError } from "../../core/aws-error.ts";
import { invalidArgument } from "./s3-errors.ts";

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

const LONGEST_TAG_KEY = 128;
const LONGEST_TAG_VALUE = 256;
/** What S3 allows in tags: letters, digits, spaces and `+ - = . _ : / @` of any script. */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Checks a list of tags.
 *
 * @param limit - 50 for buckets, 10 for objects
 * @throws AwsError `InvalidTag` or `BadRequest`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
export function tagsOf(list: readonly Tag[], limit: number): Tags {
  const tags: Record<string, string> = {};
  for (const { Key: key = "", Value: value = "" } of list) {
    if (key === "" || key.length > LONGEST_TAG_KEY || !ALLOWED.test(key)) {
      throw invalidTag("The TagKey you have provided is invalid", key);
    }
    if (value.length > LONGEST_TAG_VALUE || !ALLOWED.test(value)) {
      throw invalidTag("The TagValue you have provided is invalid", key);
    }
    if (key.startsWith("aws:")) {
      throw invalidTag("System tags cannot be added/updated by requester", key);
    }
    if (Object.hasOwn(tags, key)) {
      throw invalidTag("Cannot provide multiple Tags with the same key", key);
    }
    tags[key] = value;
  }
  if (list.length > limit) {
    const message =
      limit === 10 ? "Object tags cannot be greater than 10" : `Bucket tag count cannot be greater than ${limit}`;
    throw new AwsError("BadRequest", message, { status: 400 });
  }
  return tags;
}

/** Reads the `x-amz-tagging` header, which is written like a query string. */
export function tagsOfHeader(header: string | undefined): Tags {
  if (header === undefined || header === "") {
    return {};
  }
  if (!/^[^=&]+=?[^=&]*(&[^=&]+=?[^=&]*)*$/.test(header)) {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      "x-amz-tagging",
      header,
    );
  }
  return tagsOf(
    [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value })),
    10,
  );
}

/** Tags as the API lists them. */
export function tagList(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function invalidTag(message: string, key: string): AwsError {
  return new AwsError("InvalidTag", message, { status: 400, fields: { TagKey: key } });
}
