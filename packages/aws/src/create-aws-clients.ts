import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { type AwsClientOptions, clientSettings } from "./client-settings.ts";

/** The clients that nearly everything needs; those of other services are made by who asks them. */
export interface AwsClients {
  dynamodb: DynamoDBClient;
  lambda: LambdaClient;
  s3: S3Client;
  /** Closes their connections. */
  destroy(): void;
}

const REQUEST_TIMEOUT_MS = 60_000;

/** The AWS clients that a release needs. */
export function createAwsClients(options: AwsClientOptions): AwsClients {
  const shared = clientSettings(options, { requestTimeout: REQUEST_TIMEOUT_MS });
  const dynamodb = new DynamoDBClient(shared);
  const lambda = new LambdaClient(shared);
  // A bucket's own host name, `bucket.127.0.0.1`, does not exist.
  const s3 = new S3Client({ ...shared, forcePathStyle: "endpoint" in shared });
  return {
    dynamodb,
    lambda,
    s3,
    destroy() {
      dynamodb.destroy();
      lambda.destroy();
      s3.destroy();
    },
  };
}
