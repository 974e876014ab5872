import { AwsError } from "../../core/aws-error.ts";
import type { BucketRecord } from "./bucket-record.ts";
import { findObject } from "./find-object.ts";
import type { S3Operations } from "./s3-sdk.ts";
import { requireKey, type S3State, shownVersionId } from "./s3-state.ts";
import { type Tags, tagList, tagsOf } from "./tag-set.ts";

const MOST_BUCKET_TAGS = 50;
const MOST_OBJECT_TAGS = 10;

interface ObjectReference {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/** Tags of buckets and of objects. */
export function taggingOperations(state: S3State) {
  const setObjectTags = (input: ObjectReference, tags: Tags) => {
    const bucket = state.bucket(input);
    const object = findObject(state, bucket, requireKey(input.Key), input.VersionId);
    state.versions.update(bucket.name, { ...object, tags });
    return { VersionId: shownVersionId(bucket, object) };
  };

  return {
    PutBucketTagging(input) {
      const bucket = state.bucket(input);
      state.update(bucket, { tags: tagsOf(input.Tagging?.TagSet ?? [], MOST_BUCKET_TAGS) });
      return {};
    },

    GetBucketTagging(input) {
      const { name, tags } = state.bucket(input);
      if (tags === undefined || Object.keys(tags).length === 0) {
        throw new AwsError("NoSuchTagSet", "The TagSet does not exist", { status: 404, fields: { BucketName: name } });
      }
      return { TagSet: tagList(tags) };
    },

    DeleteBucketTagging(input) {
      const { tags: _tags, ...rest }: BucketRecord = state.bucket(input);
      state.buckets.put(rest.name, rest);
      return {};
    },

    PutObjectTagging: (input) => setObjectTags(input, tagsOf(input.Tagging?.TagSet ?? [], MOST_OBJECT_TAGS)),

    GetObjectTagging(input) {
      const bucket = state.bucket(input);
      const object = findObject(state, bucket, requireKey(input.Key), input.VersionId);
      return { TagSet: tagList(object.tags), VersionId: shownVersionId(bucket, object) };
    },

    DeleteObjectTagging: (input) => setObjectTags(input, {}),
  } satisfies S3Operations;
}
