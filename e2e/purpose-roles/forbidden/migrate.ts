import {
  BatchWriteItemCommand,
  CreateBackupCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { UpdateAliasCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { ForbiddenTable } from "../forbidden-action.ts";

/** Whoever migrates changes records of one table; it deletes none, and nothing else is its business. */
export const forbiddenToMigrate: ForbiddenTable = (names) => {
  const { tableName: TableName, ledgerName, functionName: FunctionName } = names;
  const Key = { id: { S: "any" } };
  return [
    [
      "deletes a record",
      "dynamodb:DeleteItem",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new DeleteItemCommand({ TableName, Key })),
    ],
    [
      "writes records without conditions, in batches",
      "dynamodb:BatchWriteItem",
      names.tableArn(TableName),
      ({ dynamoDb }) =>
        dynamoDb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: Key } }] } })),
    ],
    [
      "asks an index",
      "dynamodb:Query",
      `${names.tableArn(TableName)}/index/status-index`,
      ({ dynamoDb }) =>
        dynamoDb.send(
          new QueryCommand({
            ...{ TableName, IndexName: "status-index", KeyConditionExpression: "#status = :status" },
            ExpressionAttributeNames: { "#status": "status" },
            ExpressionAttributeValues: { ":status": { S: "active" } },
          }),
        ),
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
      "lets records expire by another attribute",
      "dynamodb:UpdateTimeToLive",
      names.tableArn(TableName),
      ({ dynamoDb }) =>
        dynamoDb.send(
          new UpdateTimeToLiveCommand({
            TableName,
            TimeToLiveSpecification: { Enabled: true, AttributeName: "version" },
          }),
        ),
    ],
    [
      "backs the table up",
      "dynamodb:CreateBackup",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new CreateBackupCommand({ TableName, BackupName: "not-mine" })),
    ],
    [
      "reads the records of another environment",
      "dynamodb:Scan",
      names.tableArn("items-dev"),
      ({ dynamoDb }) => dynamoDb.send(new ScanCommand({ TableName: "items-dev" })),
    ],
    [
      "writes a record of another environment",
      "dynamodb:PutItem",
      names.tableArn("items-staging"),
      ({ dynamoDb }) => dynamoDb.send(new PutItemCommand({ TableName: "items-staging", Item: Key })),
    ],
    [
      "reads the ledger of releases",
      "dynamodb:GetItem",
      names.tableArn(ledgerName),
      ({ dynamoDb }) =>
        dynamoDb.send(
          new GetItemCommand({ TableName: ledgerName, Key: { environment: { S: "prod" }, sequence: { N: "1" } } }),
        ),
    ],
    [
      "reads the state",
      "s3:GetObject",
      names.stateObject("prod/terraform.tfstate"),
      ({ s3 }) => s3.send(new GetObjectCommand({ Bucket: names.stateBucket, Key: "prod/terraform.tfstate" })),
    ],
    [
      "moves the alias",
      "lambda:UpdateAlias",
      names.functionArn(FunctionName),
      ({ lambda }) => lambda.send(new UpdateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" })),
    ],
    [
      "gives itself more",
      "iam:PutRolePolicy",
      names.roleArn("slipway-prod-migrate"),
      ({ iam }) =>
        iam.send(
          new PutRolePolicyCommand({ RoleName: "slipway-prod-migrate", PolicyName: "more", PolicyDocument: "{}" }),
        ),
    ],
  ];
};
