import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from "@aws-sdk/client-api-gateway";
import {
  CloudWatchClient,
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { packageFunction } from "@slipway/release-engine";
import { type LocalAwsFixture, localAwsFixture } from "./local-aws-fixture.ts";
import { type Place, runSlipway, type Said } from "./run-slipway.ts";
import { type StatedResource, type StateFixture, stateFixture } from "./state-fixture.ts";

/** An environment `prod` that has had traffic, on an AWS in this process. */
export interface MonitoredEnvironment {
  readonly aws: LocalAwsFixture;
  readonly states: StateFixture;
  readonly cloudwatch: CloudWatchClient;
  /** ARN of the topic that alarms tell. */
  readonly topic: string;
  /** Runs `slipway WORDS...` on it, in a terminal that shows UTF-8 where a width is given. */
  run(words: readonly string[], place?: Place): Promise<Said>;
  close(): Promise<void>;
}

/** Calls that the function `orders-prod` gets through its alias `live`, and how many of them fail. */
export const CALLS = 5;
export const FAILED = 1;
/** Requests that the API `orders-prod` gets, and how many of them it has no method for. */
export const REQUESTS = 4;

/** Resources of the environment, as its Terraform state has them. `orders-gone` is an alarm that exists nowhere else. */
export function monitoredState(dashboard = "orders-prod"): readonly StatedResource[] {
  const alarm = (name: string) => ({ type: "aws_cloudwatch_metric_alarm", attributes: { alarm_name: name } });
  return [
    { type: "aws_api_gateway_rest_api", attributes: { id: "api", name: "orders-prod" } },
    { type: "aws_api_gateway_stage", attributes: { rest_api_id: "api", stage_name: "prod" } },
    { type: "aws_lambda_function", attributes: { function_name: "orders-prod", timeout: 3 } },
    { type: "aws_lambda_alias", attributes: { function_name: "orders-prod", name: "live" } },
    { type: "aws_dynamodb_table", attributes: { name: "orders-prod" } },
    { type: "aws_sqs_queue", attributes: { name: "orders-lost" } },
    ...["orders-errors", "orders-slow"].map(alarm),
    { type: "aws_cloudwatch_composite_alarm", attributes: { alarm_name: "orders-down" } },
    { type: "aws_cloudwatch_dashboard", attributes: { dashboard_name: dashboard } },
  ];
}

/** Makes a {@link MonitoredEnvironment}, with real traffic: nobody may put metrics into AWS's own namespaces. */
export async function monitoredEnvironment(dashboardBody: object = { widgets: [] }): Promise<MonitoredEnvironment> {
  const aws = await localAwsFixture();
  const { endpoint } = aws.localAws;
  const states = await stateFixture(endpoint);
  const client = { region: "us-east-1", endpoint, credentials: states.credentials };
  const cloudwatch = new CloudWatchClient(client);
  const sns = new SNSClient(client);
  const topic = (await sns.send(new CreateTopicCommand({ Name: "on-call" }))).TopicArn ?? "";
  sns.destroy();
  await states.putState("prod", monitoredState());
  await Promise.all([callFunction(client), askApi(client), useTable(client)]);
  await makeAlarms(cloudwatch, topic);
  const DashboardBody = JSON.stringify(dashboardBody);
  await cloudwatch.send(new PutDashboardCommand({ DashboardName: "orders-prod", DashboardBody }));
  for (const [shop, Value] of [
    ["north", 3],
    ["south", 4],
  ] as const) {
    const Dimensions = [{ Name: "Shop", Value: shop }];
    const MetricData = [{ MetricName: "sold", Value, Unit: "Count" as const, Dimensions }];
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: "Orders", MetricData }));
  }
  return {
    ...{ aws, states, cloudwatch, topic },
    run: (words, place = {}) =>
      runSlipway(words, {
        ...place,
        // The SDK reads credentials from this process's environment, where the states' fixture has put them.
        env: { ...process.env, AWS_ENDPOINT_URL: endpoint, LC_ALL: "C.UTF-8", NO_COLOR: "1", ...place.env },
      }),
    async close() {
      cloudwatch.destroy();
      states.close();
      await aws.close();
    },
  };
}

type Client = ConstructorParameters<typeof LambdaClient>[0] & { readonly endpoint: string };

async function callFunction(client: Client): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-monitored-"));
  const code = "export const handler = async ({ fails }) => { if (fails) throw new Error('no'); return 'yes'; };\n";
  writeFileSync(join(folder, "index.mjs"), code);
  const { bytes: ZipFile } = await packageFunction(folder);
  rmSync(folder, { recursive: true });
  const Statement = [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }];
  const iam = new IAMClient(client);
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "orders", AssumeRolePolicyDocument }));
  iam.destroy();
  const lambda = new LambdaClient(client);
  const FunctionName = "orders-prod";
  await lambda.send(
    new CreateFunctionCommand({
      ...{ FunctionName, Runtime: "nodejs22.x", Handler: "index.handler", Role: Role?.Arn, Code: { ZipFile } },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName });
  const { Version = "1" } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: Version }));
  for (let call = 0; call < CALLS; call++) {
    const Payload = JSON.stringify({ fails: call < FAILED });
    await lambda.send(new InvokeCommand({ FunctionName, Qualifier: "live", Payload }));
  }
  lambda.destroy();
}

async function askApi(client: Client): Promise<void> {
  const gateway = new APIGatewayClient(client);
  const { id: restApiId = "", rootResourceId: resourceId = "" } = await gateway.send(
    new CreateRestApiCommand({ name: "orders-prod" }),
  );
  const method = { restApiId, resourceId, httpMethod: "GET" };
  await gateway.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  const requestTemplates = { "application/json": '{"statusCode": 200}' };
  await gateway.send(new PutIntegrationCommand({ ...method, type: "MOCK", requestTemplates }));
  await gateway.send(new PutMethodResponseCommand({ ...method, statusCode: "200" }));
  await gateway.send(new PutIntegrationResponseCommand({ ...method, statusCode: "200" }));
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" }));
  gateway.destroy();
  for (let request = 0; request < REQUESTS; request++) {
    await fetch(`${client.endpoint}/restapis/${restApiId}/prod/_user_request_/`);
  }
}

async function useTable(client: Client): Promise<void> {
  const dynamodb = new DynamoDBClient(client);
  const TableName = "orders-prod";
  await dynamodb.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: "PAY_PER_REQUEST", KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] },
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    }),
  );
  await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: "1" } } }));
  await dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: "1" } }, ConsistentRead: true }));
  dynamodb.destroy();
}

async function makeAlarms(cloudwatch: CloudWatchClient, topic: string): Promise<void> {
  const condition = { EvaluationPeriods: 1, ComparisonOperator: "GreaterThanThreshold" as const, Period: 300 };
  const metric = { Namespace: "AWS/Lambda", Dimensions: [{ Name: "FunctionName", Value: "orders-prod" }] };
  const AlarmDescription = "Events of orders-prod are lost. Runbook: docs/runbooks/orders-errors.md";
  // Of a metric that never has data, and takes that for nothing: it stays in the state that a test puts it into.
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName: "orders-errors", AlarmDescription, ...condition, ...metric, MetricName: "AsyncEventsDropped" },
      ...{ Statistic: "Sum", Threshold: 0, TreatMissingData: "ignore", AlarmActions: [topic], OKActions: [topic] },
    }),
  );
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName: "orders-slow", ...condition, ...metric, MetricName: "Duration", ExtendedStatistic: "p99" },
      ...{ Threshold: 60_000, TreatMissingData: "notBreaching", AlarmActions: [topic], ActionsEnabled: false },
    }),
  );
  await cloudwatch.send(
    new PutCompositeAlarmCommand({
      AlarmName: "orders-down",
      AlarmRule: "ALARM(orders-errors) AND ALARM(orders-slow)",
    }),
  );
}
