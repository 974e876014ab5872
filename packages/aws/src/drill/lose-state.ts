import { DeleteObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { awsCall } from "../aws-call.ts";

/** Deletes a Terraform state, as somebody might by mistake. Only for a local AWS of a drill's own. */
export async function loseState(
  s3: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  signal?: AbortSignal,
): Promise<void> {
  await awsCall("s3:DeleteObject", `s3://${bucket}/${key}`, signal, (options) =>
    s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), options),
  );
}
