import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type AwsClientOptions, clientSettings } from "../client-settings.ts";

/** What live checks ask. */
export interface LiveClients {
  readonly apigateway: APIGatewayClient;
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
}

export function createLiveClients(options: AwsClientOptions): LiveClients {
  const shared = clientSettings(options);
  return {
    apigateway: new APIGatewayClient(shared),
    cloudwatch: new CloudWatchClient(shared),
    dynamodb: new DynamoDBClient(shared),
    kms: new KMSClient(shared),
    lambda: new LambdaClient(shared),
    logs: new CloudWatchLogsClient(shared),
    s3: new S3Client({ ...shared, forcePathStyle: "endpoint" in shared }),
    sqs: new SQSClient(shared),
  };
}
