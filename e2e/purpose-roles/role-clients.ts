import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";

/** The roles that somebody or something works under. */
export type RoleName = "bootstrap" | "plan" | "provision" | "deploy" | "operate" | "migrate" | "execution";

/** Where and as whom clients work. */
export interface RoleClientSettings {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    /** Absent for an administrator's own keys. */
    readonly sessionToken?: string;
  };
}

/** Clients with one role's credentials. */
export interface RoleClients {
  readonly apiGateway: APIGatewayClient;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamoDb: DynamoDBClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly scheduler: SchedulerClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  /** Closes their connections. */
  destroy(): void;
}

/** Makes the clients. A denial is an answer and not a failure to try again, so that nothing is sent twice. */
export function createRoleClients(settings: RoleClientSettings): RoleClients {
  const shared = { ...settings, maxAttempts: 1 };
  const clients = {
    apiGateway: new APIGatewayClient(shared),
    cloudWatch: new CloudWatchClient(shared),
    dynamoDb: new DynamoDBClient(shared),
    iam: new IAMClient(shared),
    kms: new KMSClient(shared),
    lambda: new LambdaClient(shared),
    logs: new CloudWatchLogsClient(shared),
    s3: new S3Client({ ...shared, forcePathStyle: true }),
    scheduler: new SchedulerClient(shared),
    sns: new SNSClient(shared),
    sqs: new SQSClient(shared),
  };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) {
        client.destroy();
      }
    },
  };
}
