import { DeleteRestApiCommand, UpdateStageCommand } from "@aws-sdk/client-api-gateway";
import { DeleteAlarmsCommand, DisableAlarmActionsCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  BatchWriteItemCommand,
  CreateBackupCommand,
  DeleteBackupCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  ExportTableToPointInTimeCommand,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import { UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  DeleteFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { ForbiddenTable } from "../forbidden-action.ts";

/** Who is on call goes back to what is there, looks, backs up, puts a lost state back, and takes bad writes back, item by item; nothing new. */
export const forbiddenToOperate: ForbiddenTable = (names, environment) => {
  const { functionName: FunctionName, tableName: TableName, ledgerName } = names;
  return [
    [
      "updates the function's code",
      "lambda:UpdateFunctionCode",
      names.functionArn(FunctionName),
      ({ lambda }) =>
        lambda.send(new UpdateFunctionCodeCommand({ FunctionName, S3Bucket: names.artifactBucket, S3Key: "any.zip" })),
    ],
    [
      "publishes a version",
      "lambda:PublishVersion",
      names.functionArn(FunctionName),
      ({ lambda }) => lambda.send(new PublishVersionCommand({ FunctionName })),
    ],
    [
      "changes the function's environment",
      "lambda:UpdateFunctionConfiguration",
      names.functionArn(FunctionName),
      ({ lambda }) =>
        lambda.send(
          new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: { LOG_LEVEL: "DEBUG" } } }),
        ),
    ],
    [
      "deletes the function",
      "lambda:DeleteFunction",
      names.functionArn(FunctionName),
      ({ lambda }) => lambda.send(new DeleteFunctionCommand({ FunctionName })),
    ],
    [
      "moves the alias of another environment",
      "lambda:UpdateAlias",
      names.functionArn("api-handler-dev"),
      ({ lambda }) =>
        lambda.send(new UpdateAliasCommand({ FunctionName: "api-handler-dev", Name: "live", FunctionVersion: "1" })),
    ],
    [
      "deletes the table",
      "dynamodb:DeleteTable",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new DeleteTableCommand({ TableName })),
    ],
    [
      "lifts the table's protection",
      "dynamodb:UpdateTable",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false })),
    ],
    [
      "looks for items",
      "dynamodb:Query",
      names.tableArn(TableName),
      ({ dynamoDb }) =>
        dynamoDb.send(
          new QueryCommand({
            ...{ TableName, KeyConditionExpression: "id = :id", ExpressionAttributeValues: { ":id": { S: "any" } } },
          }),
        ),
    ],
    [
      "writes items by the dozen",
      "dynamodb:BatchWriteItem",
      names.tableArn(TableName),
      ({ dynamoDb }) =>
        dynamoDb.send(
          new BatchWriteItemCommand({
            RequestItems: { [TableName]: [{ DeleteRequest: { Key: { id: { S: "any" } } } }] },
          }),
        ),
    ],
    [
      "exports the table of another environment",
      "dynamodb:ExportTableToPointInTime",
      names.tableArn("items-dev"),
      ({ dynamoDb }) =>
        dynamoDb.send(
          new ExportTableToPointInTimeCommand({
            ...{ TableArn: names.tableArn("items-dev"), S3Bucket: names.stateBucket, S3Prefix: "recovery/prod" },
          }),
        ),
    ],
    [
      "reads an export of another environment",
      "s3:GetObject",
      names.stateObject("recovery/staging/any"),
      ({ s3 }) => s3.send(new GetObjectCommand({ Bucket: names.stateBucket, Key: "recovery/staging/any" })),
    ],
    [
      "deletes an export",
      "s3:DeleteObject",
      names.stateObject("recovery/prod/any"),
      ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket: names.stateBucket, Key: "recovery/prod/any" })),
    ],
    [
      "reads all items",
      "dynamodb:Scan",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new ScanCommand({ TableName })),
    ],
    [
      "backs up the table of another environment",
      "dynamodb:CreateBackup",
      names.tableArn("items-dev"),
      ({ dynamoDb }) => dynamoDb.send(new CreateBackupCommand({ TableName: "items-dev", BackupName: "not-mine" })),
    ],
    [
      "deletes a backup",
      "dynamodb:DeleteBackup",
      `${names.tableArn(TableName)}/backup/01700000000000-00000000`,
      ({ dynamoDb }) =>
        dynamoDb.send(
          new DeleteBackupCommand({ BackupArn: `${names.tableArn(TableName)}/backup/01700000000000-00000000` }),
        ),
    ],
    [
      "deletes an entry of its own ledger",
      "dynamodb:DeleteItem",
      names.tableArn(ledgerName),
      ({ dynamoDb }) =>
        dynamoDb.send(
          new DeleteItemCommand({
            TableName: ledgerName,
            Key: { environment: { S: "prod" }, sequence: { N: "1" } },
          }),
        ),
    ],
    [
      "reads the ledger of another environment",
      "dynamodb:GetItem",
      names.tableArn(ledgerName),
      ({ dynamoDb }) =>
        dynamoDb.send(
          new GetItemCommand({
            TableName: ledgerName,
            Key: { environment: { S: "staging" }, sequence: { N: "1" } },
          }),
        ),
    ],
    [
      "deletes an alarm",
      "cloudwatch:DeleteAlarms",
      names.alarmArn("api-handler-prod-errors"),
      ({ cloudWatch }) => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ["api-handler-prod-errors"] })),
    ],
    [
      "silences an alarm",
      "cloudwatch:DisableAlarmActions",
      names.alarmArn("api-handler-prod-errors"),
      ({ cloudWatch }) => cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames: ["api-handler-prod-errors"] })),
    ],
    [
      "says that all is well",
      "cloudwatch:SetAlarmState",
      names.alarmArn("api-handler-prod-errors"),
      ({ cloudWatch }) =>
        cloudWatch.send(
          new SetAlarmStateCommand({ AlarmName: "api-handler-prod-errors", StateValue: "OK", StateReason: "I say so" }),
        ),
    ],
    [
      "deletes the function's logs",
      "logs:DeleteLogGroup",
      names.logGroupArn(names.functionLogGroup),
      ({ logs }) => logs.send(new DeleteLogGroupCommand({ logGroupName: names.functionLogGroup })),
    ],
    [
      "deletes the API",
      "apigateway:DELETE",
      names.apiArn,
      ({ apiGateway }) => apiGateway.send(new DeleteRestApiCommand({ restApiId: environment.apiId })),
    ],
    [
      "switches the stage's settings",
      "apigateway:PATCH",
      `${names.apiArn}/stages/prod`,
      ({ apiGateway }) =>
        apiGateway.send(
          new UpdateStageCommand({
            restApiId: environment.apiId,
            stageName: "prod",
            patchOperations: [{ op: "replace", path: "/description", value: "mine" }],
          }),
        ),
    ],
    [
      "stores an artifact",
      "s3:PutObject",
      names.artifactObject("functions/api-handler-prod/mine.zip"),
      ({ s3 }) =>
        s3.send(
          new PutObjectCommand({
            Bucket: names.artifactBucket,
            Key: "functions/api-handler-prod/mine.zip",
            Body: "none",
          }),
        ),
    ],
    [
      "locks the state",
      "s3:PutObject",
      names.stateObject("prod/terraform.tfstate.tflock"),
      ({ s3 }) =>
        s3.send(new PutObjectCommand({ Bucket: names.stateBucket, Key: "prod/terraform.tfstate.tflock", Body: "{}" })),
    ],
    [
      "writes the state of another environment",
      "s3:PutObject",
      names.stateObject("staging/terraform.tfstate"),
      ({ s3 }) =>
        s3.send(new PutObjectCommand({ Bucket: names.stateBucket, Key: "staging/terraform.tfstate", Body: "{}" })),
    ],
    [
      "reads the state of another environment",
      "s3:GetObject",
      names.stateObject("staging/terraform.tfstate"),
      ({ s3 }) => s3.send(new GetObjectCommand({ Bucket: names.stateBucket, Key: "staging/terraform.tfstate" })),
    ],
    [
      "opens the deploy role to itself",
      "iam:UpdateAssumeRolePolicy",
      names.roleArn("slipway-prod-deploy"),
      ({ iam }) =>
        iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "slipway-prod-deploy", PolicyDocument: "{}" })),
    ],
  ];
};
