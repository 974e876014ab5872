import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateRestApiCommand,
  CreateUsagePlanCommand,
} from "@aws-sdk/client-api-gateway";
import {
  CloudWatchClient,
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutQueryDefinitionCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateBackupCommand, CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateAliasCommand, CreateKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { ResourceType } from "@slipway/contracts";
import { packageOf } from "../support/bundle-function.ts";
import type { ClientSettings } from "../support/local-aws-process.ts";

/** A resource that was made. */
export interface Planted {
  readonly type: ResourceType;
  readonly name: string;
  /** What a scan calls its id. */
  readonly id: string;
  /** As Terraform would keep it. */
  readonly terraform?: { readonly type: string; readonly attributes: Readonly<Record<string, string>> };
}

type Plant = (name: string) => Promise<Planted>;

const account = "000000000000";
const region = "us-east-1";
const trustLambda = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const readLogs = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "logs:GetLogEvents", Resource: "*" }],
});
const inFlight = 16;

/** Makes resources of every type in a local AWS, with the SDK. */
export class Planter {
  readonly #clients;
  readonly #code = packageOf({ "index.mjs": "export const handler = async () => {};" });

  constructor(settings: ClientSettings) {
    this.#clients = {
      gateway: new APIGatewayClient(settings),
      cloudwatch: new CloudWatchClient(settings),
      logs: new CloudWatchLogsClient(settings),
      dynamodb: new DynamoDBClient(settings),
      iam: new IAMClient(settings),
      kms: new KMSClient(settings),
      lambda: new LambdaClient(settings),
      s3: new S3Client({ ...settings, forcePathStyle: true }),
      sns: new SNSClient(settings),
      sqs: new SQSClient(settings),
    };
  }

  /** One of each name, several at a time. */
  async plantAll(type: ResourceType, names: readonly string[]): Promise<Planted[]> {
    const plant = this.#plants[type];
    if (plant === undefined) {
      throw new Error(`${type} is planted on its own, not by a list of names`);
    }
    const planted: Planted[] = [];
    const left = [...names];
    const work = async () => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) {
        planted.push(await plant(name));
      }
    };
    await Promise.all(Array.from({ length: inFlight }, work));
    return planted;
  }

  /** The role that planted functions run with; to be made before the first of them. */
  static readonly functionRole = "functions";

  async put(bucket: string, key: string, body: string): Promise<void> {
    await this.#clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }

  /** What makes a bucket hard to delete: versions. */
  async fillVersioned(bucket: string): Promise<void> {
    const VersioningConfiguration = { Status: "Enabled" as const };
    await this.#clients.s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    for (const key of ["kept", "it's kept", "kept"]) {
      await this.put(bucket, key, "x");
    }
  }

  /** What makes a role hard to delete: a managed policy that stays, and an inline one. */
  async burdenRole(role: string, policyArn: string): Promise<void> {
    const { iam } = this.#clients;
    await iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn }));
    await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: "more", PolicyDocument: readLogs }));
  }

  /** What makes a policy hard to delete: a role that stays, and an older version. */
  async burdenPolicy(policyArn: string, role: string): Promise<void> {
    const { iam } = this.#clients;
    await iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn }));
    await iam.send(
      new CreatePolicyVersionCommand({ PolicyArn: policyArn, PolicyDocument: readLogs, SetAsDefault: true }),
    );
  }

  /** What AWS takes away by itself in a while. */
  async scheduleDeletion(keyId: string): Promise<void> {
    await this.#clients.kms.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: 7 }));
  }

  async alias(name: string, keyId: string): Promise<Planted> {
    await this.#clients.kms.send(new CreateAliasCommand({ AliasName: name, TargetKeyId: keyId }));
    return { type: "kms-alias", name, id: name, terraform: { type: "aws_kms_alias", attributes: { name } } };
  }

  async backup(table: string): Promise<Planted> {
    const { BackupDetails } = await this.#clients.dynamodb.send(
      new CreateBackupCommand({ TableName: table, BackupName: `${table}-before` }),
    );
    return { type: "dynamodb-backup", name: `${table}-before`, id: BackupDetails?.BackupArn ?? "" };
  }

  /**
   * Makes a user who may do everything but one action.
   *
   * @returns the variables that make AWS clients act as that user
   */
  async userWithout(action: string): Promise<NodeJS.ProcessEnv> {
    const { iam } = this.#clients;
    const UserName = `without-${action.replace(":", "-")}`;
    const Statement = [
      { Effect: "Allow", Action: "*", Resource: "*" },
      { Effect: "Deny", Action: action, Resource: "*" },
    ];
    await iam.send(new CreateUserCommand({ UserName }));
    await iam.send(
      new PutUserPolicyCommand({
        ...{ UserName, PolicyName: "all-but-one" },
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
      }),
    );
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    return { AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId, AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey };
  }

  destroy(): void {
    for (const client of Object.values(this.#clients)) {
      client.destroy();
    }
  }

  readonly #plants: Readonly<Partial<Record<ResourceType, Plant>>> = {
    "lambda-function": async (name) => {
      const { FunctionArn } = await this.#clients.lambda.send(
        new CreateFunctionCommand({
          ...{ FunctionName: name, Runtime: "nodejs22.x", Handler: "index.handler", Code: { ZipFile: this.#code } },
          Role: `arn:aws:iam::${account}:role/${Planter.functionRole}`,
        }),
      );
      return owned("lambda-function", name, name, "aws_lambda_function", {
        function_name: name,
        arn: FunctionArn ?? "",
      });
    },
    "dynamodb-table": async (name) => {
      await this.#clients.dynamodb.send(
        new CreateTableCommand({
          ...{ TableName: name, BillingMode: "PAY_PER_REQUEST" },
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        }),
      );
      return owned("dynamodb-table", name, name, "aws_dynamodb_table", { name });
    },
    "s3-bucket": async (name) => {
      await this.#clients.s3.send(new CreateBucketCommand({ Bucket: name }));
      return owned("s3-bucket", name, name, "aws_s3_bucket", { bucket: name, arn: `arn:aws:s3:::${name}` });
    },
    "log-group": async (name) => {
      await this.#clients.logs.send(new CreateLogGroupCommand({ logGroupName: name }));
      return owned("log-group", name, name, "aws_cloudwatch_log_group", { name });
    },
    "rest-api": async (name) => {
      const { id = "" } = await this.#clients.gateway.send(new CreateRestApiCommand({ name }));
      return owned("rest-api", name, id, "aws_api_gateway_rest_api", { id });
    },
    "api-key": async (name) => {
      const { id = "" } = await this.#clients.gateway.send(new CreateApiKeyCommand({ name }));
      return owned("api-key", name, id, "aws_api_gateway_api_key", { id });
    },
    "usage-plan": async (name) => {
      const { id = "" } = await this.#clients.gateway.send(new CreateUsagePlanCommand({ name }));
      return owned("usage-plan", name, id, "aws_api_gateway_usage_plan", { id });
    },
    "iam-role": async (name) => {
      await this.#clients.iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trustLambda }));
      return owned("iam-role", name, name, "aws_iam_role", { name });
    },
    "iam-policy": async (name) => {
      const { Policy } = await this.#clients.iam.send(
        new CreatePolicyCommand({ PolicyName: name, PolicyDocument: readLogs }),
      );
      const arn = Policy?.Arn ?? "";
      return owned("iam-policy", name, arn, "aws_iam_policy", { arn });
    },
    "oidc-provider": async (name) => {
      const { OpenIDConnectProviderArn: arn = "" } = await this.#clients.iam.send(
        new CreateOpenIDConnectProviderCommand({ Url: `https://${name}`, ClientIDList: ["sts.amazonaws.com"] }),
      );
      return owned("oidc-provider", name, arn, "aws_iam_openid_connect_provider", { arn });
    },
    "kms-key": async () => {
      const { KeyMetadata } = await this.#clients.kms.send(new CreateKeyCommand({}));
      const id = KeyMetadata?.KeyId ?? "";
      return owned("kms-key", id, id, "aws_kms_key", { key_id: id, arn: KeyMetadata?.Arn ?? "" });
    },
    "sns-topic": async (name) => {
      const { TopicArn: arn = "" } = await this.#clients.sns.send(new CreateTopicCommand({ Name: name }));
      return owned("sns-topic", name, arn, "aws_sns_topic", { arn });
    },
    "sqs-queue": async (name) => {
      const { QueueUrl: id = "" } = await this.#clients.sqs.send(new CreateQueueCommand({ QueueName: name }));
      return owned("sqs-queue", name, id, "aws_sqs_queue", { id, arn: `arn:aws:sqs:${region}:${account}:${name}` });
    },
    "metric-alarm": async (name) => {
      await this.#clients.cloudwatch.send(
        new PutMetricAlarmCommand({
          ...{ AlarmName: name, Namespace: "Test", MetricName: "m", Statistic: "Sum", Period: 60 },
          ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" },
        }),
      );
      return owned("metric-alarm", name, name, "aws_cloudwatch_metric_alarm", { alarm_name: name });
    },
    "composite-alarm": async (name) => {
      await this.#clients.cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName: name, AlarmRule: "FALSE" }));
      return owned("composite-alarm", name, name, "aws_cloudwatch_composite_alarm", { alarm_name: name });
    },
    dashboard: async (name) => {
      const DashboardBody = JSON.stringify({ widgets: [] });
      await this.#clients.cloudwatch.send(new PutDashboardCommand({ DashboardName: name, DashboardBody }));
      return owned("dashboard", name, name, "aws_cloudwatch_dashboard", { dashboard_name: name });
    },
    "query-definition": async (name) => {
      const { queryDefinitionId: id = "" } = await this.#clients.logs.send(
        new PutQueryDefinitionCommand({ name, queryString: "fields @message" }),
      );
      return owned("query-definition", name, id, "aws_cloudwatch_query_definition", { query_definition_id: id });
    },
  };
}

function owned(
  type: ResourceType,
  name: string,
  id: string,
  terraformType: string,
  attributes: Readonly<Record<string, string>>,
): Planted {
  return { type, name, id, terraform: { type: terraformType, attributes } };
}

/** A Terraform state, as version 4 is stored, that has some resources: half of them in a module, with an index. */
export function stateOf(resources: readonly Planted[]): string {
  return JSON.stringify({
    ...{ version: 4, terraform_version: "1.11.4", serial: 7, lineage: "planted", outputs: {} },
    resources: resources.flatMap(({ terraform }, index) =>
      terraform === undefined
        ? []
        : [
            {
              ...{ mode: "managed", type: terraform.type, name: `r${index}` },
              ...(index % 2 === 0 ? {} : { module: `module.part["${index}"].module.inner` }),
              provider: 'provider["registry.terraform.io/hashicorp/aws"]',
              instances: [{ ...(index % 2 === 0 ? {} : { index_key: 0 }), attributes: terraform.attributes }],
            },
          ],
    ),
  });
}
