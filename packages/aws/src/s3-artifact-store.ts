import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type ArtifactObject, type ArtifactStore, ReleaseError } from "@slipway/release-engine";
import { translateAwsError } from "./translate-aws-error.ts";

const attempts = 3;
const ANSWER_WITHIN_MS = 60_000;
/** A slow line, 100 KB a second, is no bucket that does not answer: the time for the answer counts from the first byte that is sent. */
const LEAST_BYTES_A_MS = 100;

/**
 * Artifacts in an S3 bucket, written once by a conditional write.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export class S3ArtifactStore implements ArtifactStore {
  readonly #s3: Pick<S3Client, "send">;

  constructor(s3: Pick<S3Client, "send">) {
    this.#s3 = s3;
  }

  async putOnce({ bucket, key, bytes, sha256Base64 }: ArtifactObject): Promise<"stored" | "was-there"> {
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: bytes,
      ContentType: "application/zip",
      ChecksumSHA256: sha256Base64,
      IfNoneMatch: "*",
    });
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#s3.send(command, { requestTimeout: ANSWER_WITHIN_MS + bytes.length / LEAST_BYTES_A_MS });
        return "stored";
      } catch (error) {
        // Another upload of the same key was going on: S3 asks for the request to be sent again.
        const isRace = error instanceof Error && error.name === "ConditionalRequestConflict";
        if (isRace && attempt < attempts) {
          continue;
        }
        const failure = translateAwsError(error, { action: "s3:PutObject", subject: `s3://${bucket}/${key}` });
        if (failure instanceof ReleaseError && failure.kind === "conflict") {
          return "was-there";
        }
        throw failure;
      }
    }
  }
}
