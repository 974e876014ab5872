import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import type { Said } from "./run-slipway.ts";
import { runSlipway } from "./run-slipway.ts";

/** An AWS that a command is led to by AWS_ENDPOINT_URL, with a state bucket as slipway.config.ts names it. */
export interface StateFixture {
  readonly s3: S3Client;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Puts a state of an environment into the bucket, with outputs that are texts. */
  putState(
    environment: string,
    resources: readonly StatedResource[],
    outputs?: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** Deletes the state of an environment. */
  forgetState(environment: string): Promise<void>;
  /** Runs `slipway WORDS...` on it. */
  run(words: readonly string[], signal?: AbortSignal): Promise<Said>;
  close(): void;
}

/** A managed resource, as it is in a state. */
export interface StatedResource {
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Makes the state bucket on an AWS that is empty. The SDK reads credentials from this process's environment: they are put there. */
export async function stateFixture(endpoint: string): Promise<StateFixture> {
  const credentials = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  const s3 = new S3Client({ region: "us-east-1", endpoint, credentials, forcePathStyle: true });
  const Bucket = "terraform-state";
  await s3.send(new CreateBucketCommand({ Bucket }));
  return {
    s3,
    credentials,
    async putState(environment, resources, outputs = {}) {
      const Body = JSON.stringify({
        version: 4,
        serial: 1,
        outputs: Object.fromEntries(
          Object.entries(outputs).map(([name, value]) => [name, { value, type: "string", sensitive: false }]),
        ),
        resources: resources.map(({ type, attributes }, index) => ({
          ...{ mode: "managed", type, name: `r${index}`, provider: "p", instances: [{ attributes }] },
        })),
      });
      await s3.send(new PutObjectCommand({ Bucket, Key: `${environment}/terraform.tfstate`, Body }));
    },
    async forgetState(environment) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key: `${environment}/terraform.tfstate` }));
    },
    run: (words, signal) =>
      runSlipway(words, {
        env: { ...process.env, AWS_ENDPOINT_URL: endpoint },
        ...(signal === undefined ? {} : { signal }),
      }),
    close: () => s3.destroy(),
  };
}
