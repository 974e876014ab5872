import { APIGatewayClient, UpdateAccountCommand, UpdateStageCommand } from "@aws-sdk/client-api-gateway";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { buildItemsFunction } from "../items-api/build-items-function.ts";
import { importItemsApi } from "../items-api/import-items-api.ts";
import { createFunction } from "../support/create-function.ts";
import { createItemsTable } from "../support/create-items-table.ts";
import type { ClientSettings } from "../support/local-aws-process.ts";

const FUNCTION = "api-handler-prod";
const TABLE = "items-prod";
const STAGE = "prod";

/** The account that the guide speaks of: its function with the alias `live`, its table, and its API with an access log. */
export interface GuideAccount {
  readonly apiId: string;
  /** Points `live` at a release whose configuration keeps it from starting. */
  releaseBroken(): Promise<void>;
  /** Points it back at the first one. */
  rollBack(): Promise<void>;
}

/** Makes the account without Terraform. The function may not delete items, so that such requests fail inside it. */
export async function deployGuideAccount(client: ClientSettings): Promise<GuideAccount> {
  const [code] = await Promise.all([buildItemsFunction(), createTable(client)]);
  const table = `arn:aws:dynamodb:${client.region}:000000000000:table/${TABLE}`;
  const variables = { DYNAMODB_TABLE_NAME: TABLE, CURSOR_KEY: "0123456789abcdef0123456789abcdef" };
  const functionArn = await createFunction(client, {
    ...{ name: FUNCTION, code, variables },
    allow: [{ Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], Resource: table }],
  });
  const lambda = new LambdaClient(client);
  const alias = { FunctionName: FUNCTION, Name: "live" };
  const first = await lambda.send(new PublishVersionCommand({ FunctionName: FUNCTION }));
  await lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion: first.Version }));
  lambda.destroy();
  const apiId = await importItemsApi(client, `${functionArn}:live`, STAGE);
  await logAccess(client, apiId);

  const withLambda = async (work: (lambda: LambdaClient) => Promise<unknown>): Promise<void> => {
    const own = new LambdaClient(client);
    await work(own);
    own.destroy();
  };
  return {
    apiId,
    releaseBroken: () =>
      withLambda(async (own) => {
        const Environment = { Variables: { DYNAMODB_TABLE_NAME: TABLE } };
        await own.send(new UpdateFunctionConfigurationCommand({ FunctionName: FUNCTION, Environment }));
        await waitUntilFunctionUpdatedV2({ client: own, maxWaitTime: 30, minDelay: 0.1 }, { FunctionName: FUNCTION });
        const { Version } = await own.send(new PublishVersionCommand({ FunctionName: FUNCTION }));
        await own.send(new UpdateAliasCommand({ ...alias, FunctionVersion: Version }));
      }),
    rollBack: () => withLambda((own) => own.send(new UpdateAliasCommand({ ...alias, FunctionVersion: first.Version }))),
  };
}

async function createTable(client: ClientSettings): Promise<void> {
  const dynamodb = new DynamoDBClient(client);
  await createItemsTable(dynamodb, TABLE);
  dynamodb.destroy();
}

/** An access log in JSON, with the names of infrastructure/modules/api_gateway. */
async function logAccess(client: ClientSettings, restApiId: string): Promise<void> {
  const iam = new IAMClient(client);
  const gateway = new APIGatewayClient(client);
  const logs = new CloudWatchLogsClient(client);
  const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const RoleName = "gateway-logs";
  const trust = { Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" };
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(trust) }));
  const PolicyDocument = document({ Effect: "Allow", Action: "logs:*", Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "logs", PolicyDocument }));
  const logGroupName = `/aws/apigateway/${restApiId}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const op = "replace" as const;
  const account = [{ op, path: "/cloudwatchRoleArn", value: Role?.Arn }];
  await gateway.send(new UpdateAccountCommand({ patchOperations: account }));
  const destination = `arn:aws:logs:${client.region}:000000000000:log-group:${logGroupName}`;
  const format = {
    ...{ requestId: "$context.requestId", httpMethod: "$context.httpMethod", path: "$context.path" },
    ...{ status: "$context.status", responseLatency: "$context.responseLatency" },
  };
  const patchOperations = [
    { op, path: "/accessLogSettings/destinationArn", value: destination },
    { op, path: "/accessLogSettings/format", value: JSON.stringify(format) },
  ];
  await gateway.send(new UpdateStageCommand({ restApiId, stageName: STAGE, patchOperations }));
  for (const each of [iam, gateway, logs]) each.destroy();
}
