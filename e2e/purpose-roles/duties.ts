import { GetStageCommand } from "@aws-sdk/client-api-gateway";
import {
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteItemCommand,
  DeleteResourcePolicyCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  GetItemCommand,
  GetResourcePolicyCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { DescribeKeyCommand, GetKeyRotationStatusCommand } from "@aws-sdk/client-kms";
import {
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  ListVersionsByFunctionCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import {
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { PublishCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { mustRun } from "../support/run-program.ts";
import type { Duty, DutyLine } from "./duty.ts";
import { recoveryDuties } from "./recovery-duties.ts";
import { type Names, namesOf, type RehearsedEnvironment } from "./rehearsed-environment.ts";
import type { RoleClients, RoleName } from "./role-clients.ts";

/**
 * The duties of the roles. Together with a plan, an apply, a release, requests to the API and a destroy they use every statement of
 * every policy: what none of them needs is not allowed.
 */
export function duties(environment: RehearsedEnvironment): readonly Duty[] {
  const names = namesOf(environment);
  const tables: Readonly<Partial<Record<RoleName, readonly DutyLine[]>>> = {
    bootstrap: bootstrapDuties(names),
    deploy: [
      [
        "looks at the function",
        ({ lambda }) => lambda.send(new GetFunctionCommand({ FunctionName: names.functionName })),
      ],
      ["asks a version, past its alias", (clients) => askVersion(clients, names.functionName)],
      [
        "tells people how a release goes",
        ({ sns }) =>
          sns.send(
            new PublishCommand({ TopicArn: names.topicArn("items-alarms-prod"), Message: "r2 is live on prod" }),
          ),
      ],
      ...ledgerDuties(names, 1_000_001),
    ],
    operate: [...operateDuties(names, environment), ...ledgerDuties(names, 1_000_002)],
    migrate: migrateDuties(names),
    provision: [["gives the table a policy of its own, and takes it off", (clients) => givePolicy(clients, names)]],
    plan: [
      [
        "sees that its state has a backup",
        ({ s3 }) => s3.send(new GetBucketVersioningCommand({ Bucket: names.stateBucket })),
      ],
    ],
  };
  return (Object.keys(tables) as RoleName[]).flatMap((role) =>
    (tables[role] ?? []).map(([what, perform, undo]) => ({ role, what, perform, ...(undo && { undo }) })),
  );
}

/** The bootstrap's own state, once it has been moved into the bucket, and the lock beside it. */
function bootstrapDuties({ stateBucket: Bucket }: Names): readonly DutyLine[] {
  const Key = "bootstrap/rehearsed.tfstate";
  const lock = { Bucket, Key: `${Key}.tflock` };
  return [
    [
      "keeps its own state in the bucket",
      async ({ s3 }) => {
        await s3.send(new PutObjectCommand({ ...lock, Body: "{}", IfNoneMatch: "*" }));
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: "{}" }));
        await s3.send(new GetObjectCommand({ Bucket, Key }));
        await s3.send(new DeleteObjectCommand(lock));
        return s3.send(new DeleteObjectCommand({ Bucket, Key }));
      },
    ],
  ];
}

/** Writes an entry of a number that no release reaches, and reads it back. */
function ledgerDuties({ ledgerName: TableName }: Names, sequence: number): readonly DutyLine[] {
  const key = { environment: { S: "prod" }, sequence: { N: String(sequence) } };
  return [
    [
      "writes an entry into its own ledger",
      ({ dynamoDb }) => dynamoDb.send(new PutItemCommand({ TableName, Item: { ...key, kind: { S: "rehearsed" } } })),
    ],
    ["reads an entry of its own ledger", ({ dynamoDb }) => dynamoDb.send(new GetItemCommand({ TableName, Key: key }))],
    [
      "reads its own ledger",
      ({ dynamoDb }) =>
        dynamoDb.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: "environment = :environment",
            ExpressionAttributeValues: { ":environment": { S: "prod" } },
          }),
        ),
    ],
  ];
}

/** A migration of records, call by call; `slipway migrate` itself makes them, too. */
function migrateDuties({ tableName: TableName }: Names): readonly DutyLine[] {
  const Key = { id: { S: "migration#9999-rehearsed" } };
  return [
    ["looks at the table", ({ dynamoDb }) => dynamoDb.send(new DescribeTableCommand({ TableName }))],
    [
      "scans a segment",
      ({ dynamoDb }) =>
        dynamoDb.send(new ScanCommand({ TableName, Segment: 0, TotalSegments: 4, ConsistentRead: true })),
    ],
    [
      "remembers how far it is",
      ({ dynamoDb }) => dynamoDb.send(new PutItemCommand({ TableName, Item: { ...Key, kind: { S: "migration" } } })),
    ],
    [
      "changes a record where it is as it was read",
      ({ dynamoDb }) =>
        dynamoDb.send(
          new UpdateItemCommand({
            ...{ TableName, Key, UpdateExpression: "SET note = :note", ConditionExpression: "kind = :kind" },
            ExpressionAttributeValues: { ":note": { S: "rehearsed" }, ":kind": { S: "migration" } },
          }),
        ),
    ],
    [
      "reads a record again",
      ({ dynamoDb }) => dynamoDb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true })),
      ({ dynamoDb }) => dynamoDb.send(new DeleteItemCommand({ TableName, Key })),
    ],
  ];
}

/** Rollback and incident, in the order of the guide's pages. */
function operateDuties(names: Names, { apiId, apiUrl }: RehearsedEnvironment): readonly DutyLine[] {
  const { functionName: FunctionName, functionLogGroup: logGroupName, tableName: TableName } = names;
  const window = () => ({ StartTime: new Date(Date.now() - 3_600_000), EndTime: new Date() });
  const errors = {
    Namespace: "AWS/Lambda",
    MetricName: "Errors",
    Dimensions: [{ Name: "FunctionName", Value: FunctionName }],
  };
  return [
    [
      "sees from the state what there is",
      async ({ s3 }) => {
        const state = { Bucket: names.stateBucket, Key: "prod/terraform.tfstate" };
        const { Body } = await s3.send(new GetObjectCommand(state));
        return Body?.transformToString();
      },
    ],
    [
      "sees that a state is not there",
      ({ s3 }) =>
        s3.send(new GetObjectCommand({ Bucket: names.stateBucket, Key: "prod/none.tfstate" })).catch(unlessMissing),
    ],
    ["puts an older state back, and keeps a copy", (clients) => restoreState(clients, names.stateBucket)],
    [
      "tells people of an incident",
      ({ sns }) =>
        sns.send(
          new PublishCommand({ TopicArn: names.topicArn("items-alarms-prod"), Message: "i3 of prod is resolved" }),
        ),
    ],
    ["looks at the function", ({ lambda }) => lambda.send(new GetFunctionCommand({ FunctionName }))],
    [
      "looks at the bucket of the code",
      async ({ s3 }) => {
        const Bucket = names.artifactBucket;
        await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
        await s3.send(new GetBucketVersioningCommand({ Bucket }));
        return s3.send(new GetBucketEncryptionCommand({ Bucket }));
      },
    ],
    [
      "looks at the table's key",
      async ({ dynamoDb, kms }) => {
        const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
        const KeyId = Table?.SSEDescription?.KMSMasterKeyArn;
        await kms.send(new DescribeKeyCommand({ KeyId }));
        return kms.send(new GetKeyRotationStatusCommand({ KeyId }));
      },
    ],
    [
      "looks at what nobody has taken",
      ({ sqs }) =>
        sqs.send(
          new GetQueueAttributesCommand({
            QueueUrl: names.queueUrl("api-handler-prod-dead-letters"),
            AttributeNames: ["ApproximateNumberOfMessages"],
          }),
        ),
    ],
    ["finds the versions", ({ lambda }) => lambda.send(new ListVersionsByFunctionCommand({ FunctionName }))],
    [
      "compares a version",
      ({ lambda }) => lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: "1" })),
    ],
    [
      "moves the alias",
      async ({ lambda }) => {
        const alias = await lambda.send(new GetAliasCommand({ FunctionName, Name: "live" }));
        const { FunctionVersion, RevisionId } = alias;
        return lambda.send(new UpdateAliasCommand({ FunctionName, Name: "live", FunctionVersion, RevisionId }));
      },
    ],
    ["reads metrics", ({ cloudWatch }) => cloudWatch.send(new ListMetricsCommand({ Namespace: "AWS/Lambda" }))],
    [
      "reads one metric",
      ({ cloudWatch }) =>
        cloudWatch.send(new GetMetricStatisticsCommand({ ...errors, ...window(), Period: 60, Statistics: ["Sum"] })),
    ],
    [
      "reads many metrics",
      ({ cloudWatch }) =>
        cloudWatch.send(
          new GetMetricDataCommand({
            ...window(),
            MetricDataQueries: [{ Id: "errors", MetricStat: { Metric: errors, Period: 60, Stat: "Sum" } }],
          }),
        ),
    ],
    [
      "sees which alarms ring",
      ({ cloudWatch }) => cloudWatch.send(new DescribeAlarmsCommand({ AlarmTypes: ["CompositeAlarm", "MetricAlarm"] })),
    ],
    [
      "sees since when",
      ({ cloudWatch }) => cloudWatch.send(new DescribeAlarmHistoryCommand({ AlarmName: "api-handler-prod-errors" })),
    ],
    [
      "reads the dashboard",
      ({ cloudWatch }) => cloudWatch.send(new GetDashboardCommand({ DashboardName: "api-gateway-lambda-prod" })),
    ],
    ["finds the logs", ({ logs }) => logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }))],
    ["finds the instances", ({ logs }) => logs.send(new DescribeLogStreamsCommand({ logGroupName }))],
    [
      "reads the function's errors",
      ({ logs }) => logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: "ERROR" })),
    ],
    [
      "reads the API's access log",
      ({ logs }) => logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/apigateway/${apiId}` })),
    ],
    [
      "looks at the stage",
      ({ apiGateway }) => apiGateway.send(new GetStageCommand({ restApiId: apiId, stageName: "prod" })),
    ],
    ["asks the API whether it reaches the table", (clients) => askSigned(clients, `${apiUrl}/health/deep`)],
    ["looks at the table", ({ dynamoDb }) => dynamoDb.send(new DescribeTableCommand({ TableName }))],
    [
      "sees how far back the table can be restored",
      ({ dynamoDb }) => dynamoDb.send(new DescribeContinuousBackupsCommand({ TableName })),
    ],
    ...recoveryDuties(names),
  ];
}

/** Calls the version that has the traffic, as a release calls a new one before it has any. */
async function askVersion({ lambda }: RoleClients, FunctionName: string): Promise<unknown> {
  const { FunctionVersion: Qualifier } = await lambda.send(new GetAliasCommand({ FunctionName, Name: "live" }));
  const event = { httpMethod: "GET", path: "/health", resource: "/health", headers: {}, requestContext: {} };
  return lambda.send(new InvokeCommand({ FunctionName, Qualifier, Payload: JSON.stringify(event) }));
}

/** Of an object that is not there S3 says so only to who may list the bucket. */
function unlessMissing(error: unknown): void {
  if (!(error instanceof Error) || error.name !== "NoSuchKey") {
    throw error;
  }
}

/** What `slipway state` does: a copy of the present state, and an older version in its place; here the present one itself. */
async function restoreState({ s3 }: RoleClients, Bucket: string): Promise<unknown> {
  const state = { Bucket, Key: "prod/terraform.tfstate" };
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: state.Key }));
  const { VersionId } = Versions.find(({ Key, IsLatest }) => Key === state.Key && IsLatest) ?? {};
  const { Body, ETag } = await s3.send(new GetObjectCommand({ ...state, VersionId }));
  const text = await Body?.transformToString();
  await s3.send(new PutObjectCommand({ Bucket, Key: `${state.Key}.backups/rehearsed.json`, Body: text }));
  return s3.send(new PutObjectCommand({ ...state, Body: text, IfMatch: ETag }));
}

/** GETs with a signature (Signature Version 4), as `curl --aws-sigv4` makes it; refused is what the gateway answers with 403 or 404. */
async function askSigned({ lambda }: RoleClients, url: string): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = await lambda.config.credentials();
  const { stdout } = await mustRun("curl", [
    ...["-sS", "--fail", "--aws-sigv4", `aws:amz:${await lambda.config.region()}:execute-api`],
    ...["--user", `${accessKeyId}:${secretAccessKey}`, "-H", `x-amz-security-token: ${sessionToken}`, url],
  ]);
  return stdout;
}

/** A policy of the table itself, as it stops writes while a table is restored; here it lets the role read an item, which it otherwise may not. */
async function givePolicy({ dynamoDb }: RoleClients, { tableArn, tableName, roleArn }: Names): Promise<unknown> {
  const ResourceArn = tableArn(tableName);
  const Principal = { AWS: roleArn("slipway-prod-provision") };
  const allow = { Effect: "Allow", Principal, Action: "dynamodb:GetItem", Resource: ResourceArn };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [allow] });
  await dynamoDb.send(new PutResourcePolicyCommand({ ResourceArn, Policy, ExpectedRevisionId: "NO_POLICY" }));
  await dynamoDb.send(new GetResourcePolicyCommand({ ResourceArn }));
  await dynamoDb.send(new GetItemCommand({ TableName: tableName, Key: { id: { S: "none" } } }));
  return dynamoDb.send(new DeleteResourcePolicyCommand({ ResourceArn }));
}
