import { UpdateRestApiCommand } from "@aws-sdk/client-api-gateway";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteTableCommand, GetItemCommand, QueryCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GenerateDataKeyCommand, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { InvokeCommand, UpdateAliasCommand, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { PublishCommand } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { ForbiddenTable } from "../forbidden-action.ts";

/** Plans read settings and their own state, and write nothing. */
export const forbiddenToPlan: ForbiddenTable = (names, environment) => {
  const { stateBucket: Bucket, functionName: FunctionName, tableName: TableName } = names;
  const key = { id: { S: "any" } };
  return [
    [
      "writes its own state",
      "s3:PutObject",
      names.stateObject("prod/terraform.tfstate"),
      ({ s3 }) => s3.send(new PutObjectCommand({ Bucket, Key: "prod/terraform.tfstate", Body: "{}" })),
    ],
    [
      "locks the state, and so stops who applies",
      "s3:PutObject",
      names.stateObject("prod/terraform.tfstate.tflock"),
      ({ s3 }) => s3.send(new PutObjectCommand({ Bucket, Key: "prod/terraform.tfstate.tflock", Body: "{}" })),
    ],
    [
      "deletes its own state",
      "s3:DeleteObject",
      names.stateObject("prod/terraform.tfstate"),
      ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket, Key: "prod/terraform.tfstate" })),
    ],
    [
      "reads the state of another environment",
      "s3:GetObject",
      names.stateObject("dev/terraform.tfstate"),
      ({ s3 }) => s3.send(new GetObjectCommand({ Bucket, Key: "dev/terraform.tfstate" })),
    ],
    [
      "reads the bootstrap's state",
      "s3:GetObject",
      names.stateObject("bootstrap/terraform.tfstate"),
      ({ s3 }) => s3.send(new GetObjectCommand({ Bucket, Key: "bootstrap/terraform.tfstate" })),
    ],
    [
      "lists the states of another environment",
      "s3:ListBucket",
      names.bucketArn(Bucket),
      ({ s3 }) => s3.send(new ListObjectsV2Command({ Bucket, Prefix: "dev/" })),
    ],
    [
      "uses the state's key by itself",
      "kms:GenerateDataKey",
      environment.stateKmsKeyArn,
      ({ kms }) => kms.send(new GenerateDataKeyCommand({ KeyId: environment.stateKmsKeyArn, KeySpec: "AES_256" })),
    ],
    [
      "has the state's key deleted",
      "kms:ScheduleKeyDeletion",
      environment.stateKmsKeyArn,
      ({ kms }) => kms.send(new ScheduleKeyDeletionCommand({ KeyId: environment.stateKmsKeyArn })),
    ],
    [
      "reads an item",
      "dynamodb:GetItem",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new GetItemCommand({ TableName, Key: key })),
    ],
    [
      "counts the items",
      "dynamodb:Scan",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new ScanCommand({ TableName, Select: "COUNT" })),
    ],
    [
      "deletes the table",
      "dynamodb:DeleteTable",
      names.tableArn(TableName),
      ({ dynamoDb }) => dynamoDb.send(new DeleteTableCommand({ TableName })),
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
      "updates the function's code",
      "lambda:UpdateFunctionCode",
      names.functionArn(FunctionName),
      ({ lambda }) =>
        lambda.send(new UpdateFunctionCodeCommand({ FunctionName, S3Bucket: names.artifactBucket, S3Key: "any.zip" })),
    ],
    [
      "moves the alias",
      "lambda:UpdateAlias",
      names.functionArn(FunctionName),
      ({ lambda }) => lambda.send(new UpdateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" })),
    ],
    [
      "invokes the function",
      "lambda:InvokeFunction",
      names.functionArn(FunctionName),
      ({ lambda }) => lambda.send(new InvokeCommand({ FunctionName })),
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
          new PutRolePolicyCommand({
            RoleName: names.executionRoleName,
            PolicyName: "execution",
            PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
          }),
        ),
    ],
    [
      "renames the API",
      "apigateway:PATCH",
      names.apiArn,
      ({ apiGateway }) =>
        apiGateway.send(
          new UpdateRestApiCommand({
            restApiId: environment.apiId,
            patchOperations: [{ op: "replace", path: "/name", value: "another" }],
          }),
        ),
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
      names.queueArn("api-handler-prod-dead-letters"),
      ({ sqs }) => sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl(environment) })),
    ],
  ];
};

function queueUrl({ region, accountId }: { readonly region: string; readonly accountId: string }): string {
  return `https://sqs.${region}.amazonaws.com/${accountId}/api-handler-prod-dead-letters`;
}
