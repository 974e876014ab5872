import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { LocalAwsProcess } from "../support/local-aws-process.ts";

/** The values of the outputs in a Terraform state. */
export function outputsOf(state: string): Readonly<Record<string, unknown>> {
  const { outputs } = JSON.parse(state) as { outputs: Record<string, { value: unknown }> };
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

/** An object, read as root. */
export async function objectText(localAws: LocalAwsProcess, Bucket: string, Key: string): Promise<string> {
  const s3 = new S3Client({ ...localAws.client, forcePathStyle: true });
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? "";
  } finally {
    s3.destroy();
  }
}
