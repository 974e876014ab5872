import { readFileSync } from "node:fs";
import { join } from "node:path";
import { APIGatewayClient, CreateDeploymentCommand, ImportRestApiCommand } from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { ClientSettings } from "../support/local-aws-process.ts";
import { repositoryRoot } from "../support/repository.ts";
import { gatewayResponses } from "./gateway-responses.ts";

type Operation = Record<string, unknown>;

/**
 * Makes the items API's gateway from its definition, as modules/api_gateway completes it where nobody is asked for a token, and
 * deploys it.
 *
 * @param functionArn - of a function, or of an alias of it
 * @returns the API's id
 */
export async function importItemsApi(client: ClientSettings, functionArn: string, stageName: string): Promise<string> {
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
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName }));
  gateway.destroy();
  const lambda = new LambdaClient(client);
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: functionArn,
      StatementId: "gateway",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: `arn:aws:execute-api:${client.region}:000000000000:${restApiId}/${stageName}/*`,
    }),
  );
  lambda.destroy();
  return restApiId;
}
