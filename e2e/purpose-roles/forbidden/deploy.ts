import { UpdateStageCommand } from "@aws-sdk/client-api-gateway";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateBackupCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GenerateDataKeyCommand } from "@aws-sdk/client-kms";
import {
  AddPermissionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { ForbiddenTable } from "../forbidden-action.ts";

/** A release changes code, and nothing that Terraform owns. */
export const forbiddenToDeploy: ForbiddenTable = (names, environment) => {
  const { artifactBucket: Bucket, functionName: FunctionName, tableName: TableName, ledgerName } = names;
  const ownEntry = { environment: { S: "prod" }, sequence: { N: "1" } };
  return [
    [
      "deletes the table",
      "dynamodb:DeleteTable",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new DeleteTableCommand({ TableName })),
    ],
    [
      "reads an item",
      "dynamodb:GetItem",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new GetItemCommand({ TableName, Key: { id: { S: "any" } } })),
    ],
    [
      "backs the table up",
      "dynamodb:CreateBackup",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new CreateBackupCommand({ TableName, BackupName: "not-mine" })),
    ],
    [
      "gives the function another role",
      "lambda:UpdateFunctionConfiguration",
      names.functionArn(FunctionName),
      ({ lambda }) =>
        lambda.send(
          new UpdateFunctionConfigurationCommand({ FunctionName, Role: names.roleArn("slipway-prod-provision") }),
        ),
    ],
    [
      "updates the code of another environment",
      "lambda:UpdateFunctionCode",
      names.functionArn("api-handler-dev"),
      ({ lambda }) =>
        lambda.send(
          new UpdateFunctionCodeCommand({ FunctionName: "api-handler-dev", S3Bucket: Bucket, S3Key: "any.zip" }),
        ),
    ],
    [
      "moves the alias of another environment",
      "lambda:UpdateAlias",
      names.functionArn("api-handler-staging"),
      ({ lambda }) =>
        lambda.send(
          new UpdateAliasCommand({ FunctionName: "api-handler-staging", Name: "live", FunctionVersion: "1" }),
        ),
    ],
    [
      "deletes the function",
      "lambda:DeleteFunction",
      names.functionArn(FunctionName),
      ({ lambda }) => lambda.send(new DeleteFunctionCommand({ FunctionName })),
    ],
    [
      "opens the function to everybody",
      "lambda:AddPermission",
      names.functionArn(FunctionName),
      ({ lambda }) =>
        lambda.send(
          new AddPermissionCommand({
            FunctionName,
            StatementId: "everybody",
            Action: "lambda:InvokeFunction",
            Principal: "*",
          }),
        ),
    ],
    [
      "invokes what was never published",
      "lambda:InvokeFunction",
      names.functionArn(FunctionName),
      ({ lambda }) => lambda.send(new InvokeCommand({ FunctionName })),
    ],
    [
      "invokes a version of another environment",
      "lambda:InvokeFunction",
      `${names.functionArn("api-handler-dev")}:1`,
      ({ lambda }) => lambda.send(new InvokeCommand({ FunctionName: "api-handler-dev", Qualifier: "1" })),
    ],
    [
      "deletes an artifact that history names",
      "s3:DeleteObject",
      names.artifactObject("functions/api-handler-prod/any.zip"),
      ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket, Key: "functions/api-handler-prod/any.zip" })),
    ],
    [
      "replaces Terraform's placeholder",
      "s3:PutObject",
      names.artifactObject("placeholder/api-handler-prod.zip"),
      ({ s3 }) => s3.send(new PutObjectCommand({ Bucket, Key: "placeholder/api-handler-prod.zip", Body: "none" })),
    ],
    [
      "reads the state",
      "s3:GetObject",
      names.stateObject("prod/terraform.tfstate"),
      ({ s3 }) => s3.send(new GetObjectCommand({ Bucket: names.stateBucket, Key: "prod/terraform.tfstate" })),
    ],
    [
      "writes the state",
      "s3:PutObject",
      names.stateObject("prod/terraform.tfstate"),
      ({ s3 }) =>
        s3.send(new PutObjectCommand({ Bucket: names.stateBucket, Key: "prod/terraform.tfstate", Body: "{}" })),
    ],
    [
      "reads the ledger of another environment",
      "dynamodb:Query",
      names.tableArn(ledgerName),
      ({ dynamoDb }) =>
        dynamoDb.send(
          new QueryCommand({
            TableName: ledgerName,
            KeyConditionExpression: "environment = :environment",
            ExpressionAttributeValues: { ":environment": { S: "dev" } },
          }),
        ),
    ],
    [
      "reads the whole ledger",
      "dynamodb:Scan",
      names.tableArn(ledgerName),
      ({ dynamoDb }) => dynamoDb.send(new ScanCommand({ TableName: ledgerName })),
    ],
    [
      "writes into the ledger of another environment",
      "dynamodb:PutItem",
      names.tableArn(ledgerName),
      ({ dynamoDb }) =>
        dynamoDb.send(
          new PutItemCommand({ TableName: ledgerName, Item: { environment: { S: "dev" }, sequence: { N: "1" } } }),
        ),
    ],
    [
      "changes an entry of its own ledger",
      "dynamodb:UpdateItem",
      names.tableArn(ledgerName),
      ({ dynamoDb }) =>
        dynamoDb.send(
          new UpdateItemCommand({
            TableName: ledgerName,
            Key: ownEntry,
            UpdateExpression: "SET note = :note",
            ExpressionAttributeValues: { ":note": { S: "never happened" } },
          }),
        ),
    ],
    [
      "deletes an entry of its own ledger",
      "dynamodb:DeleteItem",
      names.tableArn(ledgerName),
      ({ dynamoDb }) => dynamoDb.send(new DeleteItemCommand({ TableName: ledgerName, Key: ownEntry })),
    ],
    [
      "uses the ledger's key by itself",
      "kms:GenerateDataKey",
      environment.ledgerKmsKeyArn,
      ({ kms }) => kms.send(new GenerateDataKeyCommand({ KeyId: environment.ledgerKmsKeyArn, KeySpec: "AES_256" })),
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
      "reads the function's logs",
      "logs:FilterLogEvents",
      names.logGroupArn(names.functionLogGroup),
      ({ logs }) => logs.send(new FilterLogEventsCommand({ logGroupName: names.functionLogGroup })),
    ],
    [
      "gives the execution role more",
      "iam:PutRolePolicy",
      names.roleArn(names.executionRoleName),
      ({ iam }) =>
        iam.send(
          new PutRolePolicyCommand({ RoleName: names.executionRoleName, PolicyName: "more", PolicyDocument: "{}" }),
        ),
    ],
  ];
};
