import { readFileSync } from "node:fs";
import { join } from "node:path";
import { APIGatewayClient, CreateDeploymentCommand, ImportRestApiCommand } from "@aws-sdk/client-api-gateway";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { AddPermissionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { createFunction } from "../support/create-function.ts";
import { createItemsTable } from "../support/create-items-table.ts";
import type { LocalAwsProcess } from "../support/local-aws-process.ts";
import { repositoryRoot } from "../support/repository.ts";
import { buildItemsFunction } from "./build-items-function.ts";
import { gatewayResponses } from "./gateway-responses.ts";

const TABLE = "items";
const STAGE = "dev";

/** Its function's name. */
export const ITEMS_FUNCTION = "api-handler-dev";

/**
 * Deploys the items API without Terraform, and without tokens: the real bundle, the table and the role as the modules make them, and the
 * gateway's definition with the integration put in as modules/api_gateway does.
 *
 * @param variables - more of the function's environment
 * @returns the stage's address
 */
export async function deployItemsApi(
  localAws: LocalAwsProcess,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const [code] = await Promise.all([buildItemsFunction(), createTable(localAws)]);
  const table = `arn:aws:dynamodb:${localAws.client.region}:000000000000:table/${TABLE}`;
  const functionArn = await createFunction(localAws.client, {
    name: ITEMS_FUNCTION,
    code,
    variables: { DYNAMODB_TABLE_NAME: TABLE, CURSOR_KEY: "0123456789abcdef0123456789abcdef", ...variables },
    allow: [
      { Action: ["GetItem", "PutItem", "UpdateItem", "DeleteItem"].map((name) => `dynamodb:${name}`), Resource: table },
      { Action: "dynamodb:Query", Resource: `${table}/index/status-index` },
    ],
  });
  const apiId = await importApi(localAws, functionArn);
  return localAws.stageUrl(apiId, STAGE);
}

async function createTable({ client }: LocalAwsProcess): Promise<void> {
  const dynamodb = new DynamoDBClient(client);
  await createItemsTable(dynamodb, TABLE);
  dynamodb.destroy();
}

type Operation = Record<string, unknown>;

/** The definition as modules/api_gateway completes it where nobody is asked for a token. */
async function importApi({ client }: LocalAwsProcess, functionArn: string): Promise<string> {
  const file = join(repositoryRoot, "infrastructure/modules/items_service/openapi.json");
  const definition = JSON.parse(readFileSync(file, "utf8")) as { paths: Record<string, Record<string, Operation>> };
  const uri = `arn:aws:apigateway:${client.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
  const complete = ({ security: _, ...operation }: Operation): Operation => ({
    ...operation,
    "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri },
    ...("requestBody" in operation ? { "x-amazon-apigateway-request-validator": "body-and-parameters" } : {}),
  });
  const document = {
    ...definition,
    paths: Object.fromEntries(
      Object.entries(definition.paths).map(([path, item]) => [
        path,
        Object.fromEntries(Object.entries(item).map(([method, operation]) => [method, complete(operation)])),
      ]),
    ),
    "x-amazon-apigateway-request-validators": {
      "body-and-parameters": { validateRequestBody: true, validateRequestParameters: true },
    },
    "x-amazon-apigateway-gateway-responses": gatewayResponses(),
  };
  const gateway = new APIGatewayClient(client);
  const { id: restApiId = "" } = await gateway.send(
    new ImportRestApiCommand({ body: new TextEncoder().encode(JSON.stringify(document)), failOnWarnings: true }),
  );
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: STAGE }));
  gateway.destroy();
  const lambda = new LambdaClient(client);
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: functionArn,
      StatementId: "gateway",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: `arn:aws:execute-api:${client.region}:000000000000:${restApiId}/${STAGE}/*`,
    }),
  );
  lambda.destroy();
  return restApiId;
}
