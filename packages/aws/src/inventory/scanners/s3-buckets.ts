import {
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { ResourceScanner } from "@slipway/release-engine";
import { type ScanContext, tagRecord } from "../scan-context.ts";

const gone = ["NoSuchBucket"];
const pageSize = 1000;

/** Buckets of the scanned Region, with the first page of what is in them. */
export function s3Buckets(context: ScanContext): ResourceScanner {
  const s3 = context.client(S3Client);
  return {
    type: "s3-bucket",
    async list(page) {
      const { Buckets = [], ContinuationToken } = await context.call("s3:ListAllMyBuckets", "the buckets", (options) =>
        s3.send(
          new ListBucketsCommand({ MaxBuckets: pageSize, BucketRegion: context.region, ContinuationToken: page }),
          options,
        ),
      );
      return {
        items: Buckets.map(({ Name: id = "", CreationDate }) => ({
          ...{ type: "s3-bucket", id, name: id, arn: `arn:${context.partition}:s3:::${id}` },
          createdAt: CreationDate?.getTime(),
        })),
        next: ContinuationToken,
      };
    },
    async describe(resource) {
      const input = { Bucket: resource.id };
      const subject = `the bucket ${resource.id}`;
      const [tagging, versioning, versions] = await Promise.all([
        context.callFor("s3:GetBucketTagging", subject, ["NoSuchTagSet", ...gone], (options) =>
          s3.send(new GetBucketTaggingCommand(input), options),
        ),
        context.callFor("s3:GetBucketVersioning", subject, gone, (options) =>
          s3.send(new GetBucketVersioningCommand(input), options),
        ),
        context.callFor("s3:ListBucketVersions", subject, gone, (options) =>
          s3.send(new ListObjectVersionsCommand({ ...input, MaxKeys: pageSize }), options),
        ),
      ]);
      if (versioning === undefined || versions === undefined) {
        return undefined;
      }
      const { Versions = [], DeleteMarkers = [], IsTruncated: isMore = false } = versions;
      const count = Versions.length + DeleteMarkers.length;
      return {
        ...resource,
        tags: tagRecord(tagging?.TagSet),
        use:
          count === 0
            ? { verdict: "idle", why: "it is empty" }
            : { verdict: "unknown", why: `it holds ${isMore ? "more than " : ""}${count} object versions` },
        facts: {
          bytes: Versions.reduce((sum, { Size }) => sum + (Size ?? 0), 0),
          count,
          isMore,
          // Suspended versioning leaves the old versions where they are.
          isVersioned: versioning.Status !== undefined,
        },
      };
    },
  };
}
