import { CreateLogGroupCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateBackupCommand,
  DeleteTableCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { UpdateAliasCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { PublishCommand } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { ForbiddenTable } from "../forbidden-action.ts";

/** The function works on single items of its table, and can neither list all of them nor touch the table. */
export const forbiddenToExecution: ForbiddenTable = (names, environment) => {
  const { tableName: TableName, functionName: FunctionName } = names;
  const queueName = "api-handler-prod-dead-letters";
  return [
    [
      "scans the table",
      "dynamodb:Scan",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new ScanCommand({ TableName })),
    ],
    [
      "deletes the table",
      "dynamodb:DeleteTable",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new DeleteTableCommand({ TableName })),
    ],
    [
      "changes when items expire",
      "dynamodb:UpdateTimeToLive",
      names.tableArn(TableName),
      ({ dynamoDb }) =>
        dynamoDb.send(
          new UpdateTimeToLiveCommand({
            TableName,
            TimeToLiveSpecification: { AttributeName: "createdAt", Enabled: true },
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
      "writes an item of another environment",
      "dynamodb:PutItem",
      names.tableArn("items-dev"),
      ({ dynamoDb }) => dynamoDb.send(new PutItemCommand({ TableName: "items-dev", Item: { id: { S: "any" } } })),
    ],
    [
      "reads the ledger",
      "dynamodb:Query",
      names.tableArn(names.ledgerName),
      ({ dynamoDb }) =>
        dynamoDb.send(
          new QueryCommand({
            TableName: names.ledgerName,
            KeyConditionExpression: "environment = :environment",
            ExpressionAttributeValues: { ":environment": { S: "prod" } },
          }),
        ),
    ],
    [
      "reads the state",
      "s3:GetObject",
      names.stateObject("prod/terraform.tfstate"),
      ({ s3 }) => s3.send(new GetObjectCommand({ Bucket: names.stateBucket, Key: "prod/terraform.tfstate" })),
    ],
    [
      "creates a log group",
      "logs:CreateLogGroup",
      names.logGroupArn("/aws/lambda/another"),
      ({ logs }) => logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/lambda/another" })),
    ],
    [
      "writes into the API's access log",
      "logs:PutLogEvents",
      `${names.logGroupArn(`/aws/apigateway/${environment.apiId}`)}any`,
      ({ logs }) =>
        logs.send(
          new PutLogEventsCommand({
            logGroupName: `/aws/apigateway/${environment.apiId}`,
            logStreamName: "any",
            logEvents: [{ timestamp: Date.now(), message: "never happened" }],
          }),
        ),
    ],
    [
      "moves its own alias",
      "lambda:UpdateAlias",
      names.functionArn(FunctionName),
      ({ lambda }) => lambda.send(new UpdateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" })),
    ],
    [
      "raises a false alarm",
      "SNS:Publish",
      names.topicArn("items-alarms-prod"),
      ({ sns }) => sns.send(new PublishCommand({ TopicArn: names.topicArn("items-alarms-prod"), Message: "false" })),
    ],
    [
      "reads dead letters",
      "sqs:ReceiveMessage",
      names.queueArn(queueName),
      ({ sqs }) =>
        sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: `https://sqs.${environment.region}.amazonaws.com/${environment.accountId}/${queueName}`,
          }),
        ),
    ],
  ];
};
