import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "../core/credentials.ts";
import { type LocalAws, startLocalAws } from "../start-local-aws.ts";

/** A local AWS on a free port with a temporary folder, and what clients need to reach it. */
export interface TestEndpoint {
  readonly url: string;
  readonly localAws: LocalAws;
  /** For AWS SDK clients: `new S3Client({ ...endpoint.client, forcePathStyle: true })`. */
  readonly client: {
    readonly region: string;
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Environment for AWS CLI and Terraform. */
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/** Starts local AWS for a test; call `close` when done. */
export async function startEndpoint(): Promise<TestEndpoint> {
  const directory = mkdtempSync(join(tmpdir(), "local-aws-"));
  const localAws = await startLocalAws({
    port: 0,
    dataDir: directory,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  return {
    url: localAws.endpoint,
    localAws,
    client: {
      region: "us-east-1",
      endpoint: localAws.endpoint,
      credentials: { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY },
    },
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      AWS_ENDPOINT_URL: localAws.endpoint,
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: ROOT_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY: ROOT_SECRET_ACCESS_KEY,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PAGER: "",
    },
    async close() {
      await localAws.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
