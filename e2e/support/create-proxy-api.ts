import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { ClientSettings } from "./local-aws-process.ts";

/**
 * Makes a REST API whose every path below the root goes to one function, and deploys it to a stage.
 *
 * @returns the API's id
 */
export async function createProxyApi(
  client: ClientSettings,
  api: { readonly name: string; readonly functionArn: string; readonly stage: string },
): Promise<string> {
  const gateway = new APIGatewayClient(client);
  const { id: restApiId = "" } = await gateway.send(new CreateRestApiCommand({ name: api.name }));
  const { items = [] } = await gateway.send(new GetResourcesCommand({ restApiId }));
  const { id: resourceId } = await gateway.send(
    new CreateResourceCommand({ restApiId, parentId: items[0]?.id, pathPart: "{proxy+}" }),
  );
  const method = { restApiId, resourceId, httpMethod: "ANY" };
  await gateway.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  await gateway.send(
    new PutIntegrationCommand({
      ...method,
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      uri: `arn:aws:apigateway:${client.region}:lambda:path/2015-03-31/functions/${api.functionArn}/invocations`,
    }),
  );
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: api.stage }));
  const lambda = new LambdaClient(client);
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: api.functionArn,
      StatementId: `gateway-${restApiId}`,
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
    }),
  );
  lambda.destroy();
  gateway.destroy();
  return restApiId;
}
