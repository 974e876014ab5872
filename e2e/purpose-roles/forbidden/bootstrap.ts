import { GetItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { ForbiddenTable } from "../forbidden-action.ts";

const ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
const TRUST_LAMBDA =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}';

/** The bootstrap makes what environments stand on, and touches neither them nor itself. */
export const forbiddenToBootstrap: ForbiddenTable = (names, environment) => [
  [
    "gives itself more",
    "iam:PutRolePolicy",
    names.roleArn("slipway-bootstrap"),
    ({ iam }) =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName: "slipway-bootstrap",
          PolicyName: "bootstrap",
          PolicyDocument: ALLOW_ALL,
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
    "creates a role of another name",
    "iam:CreateRole",
    names.roleArn("back-door"),
    ({ iam }) => iam.send(new CreateRoleCommand({ RoleName: "back-door", AssumeRolePolicyDocument: TRUST_LAMBDA })),
  ],
  [
    "gives a release role a policy of AWS",
    "iam:AttachRolePolicy",
    names.roleArn("slipway-prod-plan"),
    ({ iam }) =>
      iam.send(
        new AttachRolePolicyCommand({
          RoleName: "slipway-prod-plan",
          PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
      ),
  ],
  [
    "creates a policy of another name",
    "iam:CreatePolicy",
    `arn:aws:iam::${environment.accountId}:policy/back-door`,
    ({ iam }) => iam.send(new CreatePolicyCommand({ PolicyName: "back-door", PolicyDocument: ALLOW_ALL })),
  ],
  [
    "creates a key for an environment",
    "kms:CreateKey",
    "*",
    ({ kms }) =>
      kms.send(
        new CreateKeyCommand({
          Tags: [
            { TagKey: "Project", TagValue: "slipway" },
            { TagKey: "Environment", TagValue: "prod" },
          ],
        }),
      ),
  ],
  [
    "reads the state of an environment",
    "s3:GetObject",
    names.stateObject("prod/terraform.tfstate"),
    ({ s3 }) => s3.send(new GetObjectCommand({ Bucket: names.stateBucket, Key: "prod/terraform.tfstate" })),
  ],
  [
    "reads the ledger that it made",
    "dynamodb:Scan",
    names.tableArn(names.ledgerName),
    ({ dynamoDb }) => dynamoDb.send(new ScanCommand({ TableName: names.ledgerName })),
  ],
  [
    "reads an item",
    "dynamodb:GetItem",
    names.tableArn(names.tableName),
    ({ dynamoDb }) => dynamoDb.send(new GetItemCommand({ TableName: names.tableName, Key: { id: { S: "any" } } })),
  ],
  [
    "releases code",
    "lambda:UpdateFunctionCode",
    names.functionArn(names.functionName),
    ({ lambda }) =>
      lambda.send(
        new UpdateFunctionCodeCommand({
          FunctionName: names.functionName,
          S3Bucket: names.artifactBucket,
          S3Key: "any.zip",
        }),
      ),
  ],
];
