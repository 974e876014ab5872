import { DeleteObjectsCommand, ListObjectVersionsCommand, NoSuchBucket, type S3Client } from "@aws-sdk/client-s3";
import { assertNotInterrupted, ReleaseError } from "@slipway/release-engine";
import { translateAwsError } from "./translate-aws-error.ts";

/** What lies in a bucket, every version counted. */
export interface BucketContents {
  readonly versions: number;
  readonly deleteMarkers: number;
  /** Bytes of all versions. */
  readonly bytes: number;
}

const NOTHING: BucketContents = { versions: 0, deleteMarkers: 0, bytes: 0 };

/**
 * Counts everything in a bucket, or removes it: all versions and all delete markers, which is what a bucket has to be rid of before
 * it can be deleted.
 *
 * @returns `undefined` when there is no such bucket
 * @throws {ReleaseError} when S3 refuses, or keeps objects that are locked
 */
export async function walkBucket(
  s3: S3Client,
  Bucket: string,
  { remove, signal: abortSignal }: { remove: boolean; signal?: AbortSignal },
): Promise<BucketContents | undefined> {
  let contents = NOTHING;
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  try {
    for (;;) {
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket, ...markers }), { abortSignal });
      const { Versions = [], DeleteMarkers = [] } = page;
      contents = {
        versions: contents.versions + Versions.length,
        deleteMarkers: contents.deleteMarkers + DeleteMarkers.length,
        bytes: contents.bytes + Versions.reduce((sum, { Size = 0 }) => sum + Size, 0),
      };
      const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
      if (remove && Objects.length > 0) {
        const answer = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }), {
          abortSignal,
        });
        refuseErrors(Bucket, answer.Errors ?? []);
      }
      if (page.IsTruncated !== true) {
        return contents;
      }
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
  } catch (error) {
    if (error instanceof NoSuchBucket || (error instanceof Error && error.name === "NoSuchBucket")) {
      return undefined;
    }
    assertNotInterrupted(abortSignal, `while ${Bucket} was ${remove ? "emptied" : "looked at"}`);
    throw translateAwsError(error, {
      action: remove ? "s3:DeleteObjectVersion" : "s3:ListBucketVersions",
      subject: Bucket,
    });
  }
}

function refuseErrors(bucket: string, errors: readonly { Key?: string; Code?: string; Message?: string }[]): void {
  const [first] = errors;
  if (first !== undefined) {
    throw new ReleaseError({
      kind: first.Code === "AccessDenied" ? "denied" : "failed",
      what: `${errors.length} ${errors.length === 1 ? "object" : "objects"} of ${bucket} could not be removed`,
      why: `${first.Key}: ${first.Code} ${first.Message ?? ""}`,
      next: "what was removed is gone; remove the cause, then type the same command again for the rest",
    });
  }
}
