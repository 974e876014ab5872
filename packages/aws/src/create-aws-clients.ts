import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { requestHandler } from "./request-handler.ts";

interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface AwsClientOptions {
  region: string;
  /** URL of another AWS than the real one; `AWS_ENDPOINT_URL` of `env` unless given. */
  endpoint?: string;
  /** Without them the SDK looks where it always does: environment, profile, role. A function is asked again before they expire. */
  credentials?: AwsCredentials | (() => Promise<AwsCredentials & { expiration?: Date }>);
}

export interface AwsClients {
  dynamodb: DynamoDBClient;
  iam: IAMClient;
  lambda: LambdaClient;
  s3: S3Client;
  /** Closes their connections. */
  destroy(): void;
}

const REQUEST_TIMEOUT_MS = 60_000;

/** The AWS clients that a release needs. */
export function createAwsClients({ region, endpoint, credentials }: AwsClientOptions): AwsClients {
  const url = endpoint ?? process.env.AWS_ENDPOINT_URL;
  const shared = {
    region,
    ...(url === undefined || url === "" ? {} : { endpoint: url }),
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: requestHandler({ requestTimeout: REQUEST_TIMEOUT_MS }),
  };
  const dynamodb = new DynamoDBClient(shared);
  const iam = new IAMClient(shared);
  const lambda = new LambdaClient(shared);
  // A bucket's own host name, `bucket.127.0.0.1`, does not exist.
  const s3 = new S3Client({ ...shared, forcePathStyle: "endpoint" in shared });
  return {
    dynamodb,
    iam,
    lambda,
    s3,
    destroy() {
      dynamodb.destroy();
      iam.destroy();
      lambda.destroy();
      s3.destroy();
    },
  };
}
