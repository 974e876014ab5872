import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { ReleaseError, type StateLock } from "@slipway/release-engine";
import { translateAwsError } from "../translate-aws-error.ts";

/**
 * Who holds the lock of a state in S3: the object that Terraform's `use_lockfile` puts beside it.
 *
 * @returns undefined where nobody does
 * @throws {ReleaseError} when it cannot be found out
 * @see https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
 */
export async function stateLockFile(
  s3: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  abortSignal?: AbortSignal,
): Promise<StateLock | undefined> {
  const Key = `${key}.tflock`;
  const location = `s3://${bucket}/${Key}`;
  let text: string;
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }), { abortSignal });
    text = (await Body?.transformToString()) ?? "";
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchKey") {
      return undefined;
    }
    throw translateAwsError(error, { action: "s3:GetObject", subject: location });
  }
  const { ID, Who, Operation, Created } = fieldsOf(text);
  if (ID === undefined) {
    throw new ReleaseError({
      kind: "busy",
      what: "The Terraform state is locked, and its lock does not say by whom",
      why: `${location} is none that Terraform writes`,
      next: `if you are sure that nothing runs there any more: aws s3 rm ${location}, then type the same command again`,
    });
  }
  return { id: ID, who: Who ?? "", operation: Operation ?? "", created: Created ?? "" };
}

function fieldsOf(text: string): Partial<Record<"ID" | "Who" | "Operation" | "Created", string>> {
  try {
    const value: unknown = JSON.parse(text);
    const fields = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(fields.filter(([, field]) => typeof field === "string" && field !== ""));
  } catch {
    return {};
  }
}
