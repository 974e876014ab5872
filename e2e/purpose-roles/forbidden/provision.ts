import { CreateRestApiCommand, UpdateAccountCommand } from "@aws-sdk/client-api-gateway";
import { DeleteAlarmsCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CreateLogGroupCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteTableCommand, GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  AttachRolePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateKeyCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
} from "@aws-sdk/client-kms";
import {
  DeleteFunctionCommand,
  InvokeCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { CreateScheduleCommand, UpdateScheduleCommand } from "@aws-sdk/client-scheduler";
import { SubscribeCommand } from "@aws-sdk/client-sns";
import type { ForbiddenTable } from "../forbidden-action.ts";

const ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
const TRUST_LAMBDA =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}';

/** Provisioning changes its own environment, and cannot change what limits it. */
export const forbiddenToProvision: ForbiddenTable = (names, environment) => {
  const { stateBucket: Bucket, functionName: FunctionName, tableName: TableName, executionRoleName } = names;
  const ownRole = "slipway-prod-provision";
  const schedule = (GroupName: string, Name: string, role: string) => ({
    ...{ GroupName, Name, ScheduleExpression: "rate(1 day)", FlexibleTimeWindow: { Mode: "OFF" as const } },
    Target: {
      Arn: "arn:aws:scheduler:::aws-sdk:dynamodb:createBackup",
      RoleArn: names.roleArn(role),
      Input: JSON.stringify({ TableName, BackupName: "mine" }),
    },
  });
  return [
    [
      "gives itself more",
      "iam:PutRolePolicy",
      names.roleArn(ownRole),
      ({ iam }) =>
        iam.send(new PutRolePolicyCommand({ RoleName: ownRole, PolicyName: "provision", PolicyDocument: ALLOW_ALL })),
    ],
    [
      "opens itself to others",
      "iam:UpdateAssumeRolePolicy",
      names.roleArn(ownRole),
      ({ iam }) => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: ownRole, PolicyDocument: TRUST_LAMBDA })),
    ],
    [
      "takes the boundary off the execution role",
      "iam:DeleteRolePermissionsBoundary",
      names.roleArn(executionRoleName),
      ({ iam }) => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: executionRoleName })),
    ],
    [
      "gives the execution role another boundary",
      "iam:PutRolePermissionsBoundary",
      names.roleArn(executionRoleName),
      ({ iam }) =>
        iam.send(
          new PutRolePermissionsBoundaryCommand({
            RoleName: executionRoleName,
            PermissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess",
          }),
        ),
    ],
    [
      "widens the boundary",
      "iam:CreatePolicyVersion",
      names.boundaryArn,
      ({ iam }) =>
        iam.send(
          new CreatePolicyVersionCommand({
            PolicyArn: names.boundaryArn,
            PolicyDocument: ALLOW_ALL,
            SetAsDefault: true,
          }),
        ),
    ],
    [
      "deletes the boundary",
      "iam:DeletePolicy",
      names.boundaryArn,
      ({ iam }) => iam.send(new DeletePolicyCommand({ PolicyArn: names.boundaryArn })),
    ],
    [
      "creates the execution role without a boundary",
      "iam:CreateRole",
      names.roleArn(executionRoleName),
      ({ iam }) =>
        iam.send(new CreateRoleCommand({ RoleName: executionRoleName, AssumeRolePolicyDocument: TRUST_LAMBDA })),
    ],
    [
      "creates a role of another name, with the boundary",
      "iam:CreateRole",
      names.roleArn("another-prod-execution"),
      ({ iam }) =>
        iam.send(
          new CreateRoleCommand({
            RoleName: "another-prod-execution",
            AssumeRolePolicyDocument: TRUST_LAMBDA,
            PermissionsBoundary: names.boundaryArn,
          }),
        ),
    ],
    [
      "gives the execution role a policy of AWS",
      "iam:AttachRolePolicy",
      names.roleArn(executionRoleName),
      ({ iam }) =>
        iam.send(
          new AttachRolePolicyCommand({
            RoleName: executionRoleName,
            PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
          }),
        ),
    ],
    [
      "makes a user",
      "iam:CreateUser",
      names.userArn("back-door"),
      ({ iam }) => iam.send(new CreateUserCommand({ UserName: "back-door" })),
    ],
    [
      "runs the function with its own role",
      "iam:PassRole",
      names.roleArn(ownRole),
      ({ lambda }) =>
        lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Role: names.roleArn(ownRole) })),
    ],
    [
      "hands the execution role to API Gateway",
      "apigateway:PATCH",
      names.gatewayArn("/account"),
      ({ apiGateway }) =>
        apiGateway.send(
          new UpdateAccountCommand({
            patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value: names.roleArn(executionRoleName) }],
          }),
        ),
    ],
    [
      "reads the state of another environment",
      "s3:GetObject",
      names.stateObject("staging/terraform.tfstate"),
      ({ s3 }) => s3.send(new GetObjectCommand({ Bucket, Key: "staging/terraform.tfstate" })),
    ],
    [
      "writes the state of another environment",
      "s3:PutObject",
      names.stateObject("dev/terraform.tfstate"),
      ({ s3 }) => s3.send(new PutObjectCommand({ Bucket, Key: "dev/terraform.tfstate", Body: "{}" })),
    ],
    [
      "deletes its own state",
      "s3:DeleteObject",
      names.stateObject("prod/terraform.tfstate"),
      ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket, Key: "prod/terraform.tfstate" })),
    ],
    [
      "deletes the state bucket",
      "s3:DeleteBucket",
      names.bucketArn(Bucket),
      ({ s3 }) => s3.send(new DeleteBucketCommand({ Bucket })),
    ],
    [
      "opens the state bucket",
      "s3:PutBucketPolicy",
      names.bucketArn(Bucket),
      ({ s3 }) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: '{"Version":"2012-10-17","Statement":[]}' })),
    ],
    [
      "has the state's key deleted",
      "kms:ScheduleKeyDeletion",
      environment.stateKmsKeyArn,
      ({ kms }) => kms.send(new ScheduleKeyDeletionCommand({ KeyId: environment.stateKmsKeyArn })),
    ],
    [
      "rewrites the policy of the ledger's key",
      "kms:PutKeyPolicy",
      environment.ledgerKmsKeyArn,
      ({ kms }) =>
        kms.send(new PutKeyPolicyCommand({ KeyId: environment.ledgerKmsKeyArn, PolicyName: "default", Policy: "{}" })),
    ],
    [
      "makes the state's key its own by a tag",
      "kms:TagResource",
      environment.stateKmsKeyArn,
      ({ kms }) =>
        kms.send(
          new TagResourceCommand({
            KeyId: environment.stateKmsKeyArn,
            Tags: [{ TagKey: "Environment", TagValue: "prod" }],
          }),
        ),
    ],
    [
      "creates a key for another environment",
      "kms:CreateKey",
      "*",
      ({ kms }) => kms.send(new CreateKeyCommand({ Tags: [{ TagKey: "Environment", TagValue: "dev" }] })),
    ],
    [
      "creates an API for another environment",
      "apigateway:POST",
      names.gatewayArn("/restapis"),
      ({ apiGateway }) =>
        apiGateway.send(new CreateRestApiCommand({ name: "items-api-dev", tags: { Environment: "dev" } })),
    ],
    [
      "creates a log group without a tag",
      "logs:CreateLogGroup",
      names.logGroupArn("/aws/lambda/another"),
      ({ logs }) => logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/lambda/another" })),
    ],
    [
      "reads the function's logs",
      "logs:FilterLogEvents",
      names.logGroupArn(names.functionLogGroup),
      ({ logs }) => logs.send(new FilterLogEventsCommand({ logGroupName: names.functionLogGroup })),
    ],
    [
      "deletes the table of another environment",
      "dynamodb:DeleteTable",
      names.tableArn("items-dev"),
      ({ dynamoDb }) => dynamoDb.send(new DeleteTableCommand({ TableName: "items-dev" })),
    ],
    [
      "deletes the ledger",
      "dynamodb:DeleteTable",
      names.tableArn(names.ledgerName),
      ({ dynamoDb }) => dynamoDb.send(new DeleteTableCommand({ TableName: names.ledgerName })),
    ],
    [
      "reads an item",
      "dynamodb:GetItem",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new GetItemCommand({ TableName, Key: { id: { S: "any" } } })),
    ],
    [
      "writes an item",
      "dynamodb:PutItem",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new PutItemCommand({ TableName, Item: { id: { S: "any" } } })),
    ],
    [
      "reads the items by a scan",
      "dynamodb:Scan",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new ScanCommand({ TableName, Select: "ALL_ATTRIBUTES" })),
    ],
    [
      "releases code",
      "lambda:UpdateFunctionCode",
      names.functionArn(FunctionName),
      ({ lambda }) =>
        lambda.send(new UpdateFunctionCodeCommand({ FunctionName, S3Bucket: names.artifactBucket, S3Key: "any.zip" })),
    ],
    [
      "deletes the function of another environment",
      "lambda:DeleteFunction",
      names.functionArn("api-handler-dev"),
      ({ lambda }) => lambda.send(new DeleteFunctionCommand({ FunctionName: "api-handler-dev" })),
    ],
    [
      "invokes the function",
      "lambda:InvokeFunction",
      names.functionArn(FunctionName),
      ({ lambda }) => lambda.send(new InvokeCommand({ FunctionName })),
    ],
    [
      "deletes an alarm of another environment",
      "cloudwatch:DeleteAlarms",
      names.alarmArn("api-handler-dev-errors"),
      ({ cloudWatch }) => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ["api-handler-dev-errors"] })),
    ],
    [
      "changes an alarm of another environment",
      "cloudwatch:PutMetricAlarm",
      names.alarmArn("api-handler-staging-errors"),
      ({ cloudWatch }) =>
        cloudWatch.send(
          new PutMetricAlarmCommand({
            AlarmName: "api-handler-staging-errors",
            Namespace: "AWS/Lambda",
            MetricName: "Errors",
            Statistic: "Sum",
            Period: 60,
            EvaluationPeriods: 1,
            Threshold: 1_000_000,
            ComparisonOperator: "GreaterThanThreshold",
          }),
        ),
    ],
    [
      "listens to the alarms of another environment",
      "SNS:Subscribe",
      names.topicArn("items-alarms-dev"),
      ({ sns }) =>
        sns.send(
          new SubscribeCommand({
            TopicArn: names.topicArn("items-alarms-dev"),
            Protocol: "https",
            Endpoint: "https://example.com/",
          }),
        ),
    ],
    [
      "makes a schedule of its own",
      "scheduler:CreateSchedule",
      names.scheduleArn("default", "mine"),
      ({ scheduler }) => scheduler.send(new CreateScheduleCommand(schedule("default", "mine", names.backupRoleName))),
    ],
    [
      "lets the schedule work with another role",
      "iam:PassRole",
      names.roleArn(executionRoleName),
      ({ scheduler }) =>
        scheduler.send(new UpdateScheduleCommand(schedule(names.scheduleName, names.scheduleName, executionRoleName))),
    ],
    [
      "gives the role of the backups to a function",
      "iam:PassRole",
      names.roleArn(names.backupRoleName),
      ({ lambda }) =>
        lambda.send(
          new UpdateFunctionConfigurationCommand({ FunctionName, Role: names.roleArn(names.backupRoleName) }),
        ),
    ],
  ];
};
