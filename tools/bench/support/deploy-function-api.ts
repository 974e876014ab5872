import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from "@aws-sdk/client-api-gateway";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { packageFunction } from "@slipway/release-engine";
import type { ClientSettings } from "./local-aws-server.ts";

/** What the function is called. */
export const functionName = "bench-hello";
const stageName = "bench";
const pathPart = "x";
const activeWithinSeconds = 30;

const trustLambda = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/**
 * Puts a function behind a REST API with the AWS SDK: `GET /x` with proxy integration.
 *
 * @param folder - with the function's `index.mjs`, which exports `handler`
 * @returns the URL to call, as local AWS serves it
 */
export async function deployFunctionApi(folder: string, settings: ClientSettings): Promise<string> {
  const functionArn = await createFunction(folder, settings);
  const gateway = new APIGatewayClient(settings);
  try {
    const { id: restApiId } = await gateway.send(new CreateRestApiCommand({ name: functionName }));
    const { items = [] } = await gateway.send(new GetResourcesCommand({ restApiId }));
    const { id: resourceId } = await gateway.send(
      new CreateResourceCommand({ restApiId, parentId: items[0]?.id, pathPart }),
    );
    const method = { restApiId, resourceId, httpMethod: "GET" };
    await gateway.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
    await gateway.send(
      new PutIntegrationCommand({
        ...method,
        type: "AWS_PROXY",
        integrationHttpMethod: "POST",
        uri: `arn:aws:apigateway:${settings.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
      }),
    );
    await gateway.send(new CreateDeploymentCommand({ restApiId, stageName }));
    return `${settings.endpoint}/restapis/${restApiId}/${stageName}/_user_request_/${pathPart}`;
  } finally {
    gateway.destroy();
  }
}

/**
 * Makes the function.
 *
 * @returns its ARN
 */
export async function createFunction(folder: string, settings: ClientSettings): Promise<string> {
  const iam = new IAMClient(settings);
  const lambda = new LambdaClient(settings);
  try {
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: functionName, AssumeRolePolicyDocument: JSON.stringify(trustLambda) }),
    );
    const { bytes } = await packageFunction(folder);
    const { FunctionArn = "" } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: functionName,
        Runtime: "nodejs22.x",
        Role: Role?.Arn,
        Handler: "index.handler",
        Code: { ZipFile: bytes },
      }),
    );
    await waitUntilFunctionActiveV2(
      { client: lambda, maxWaitTime: activeWithinSeconds, minDelay: 1 },
      { FunctionName: functionName },
    );
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: functionName,
        StatementId: "api",
        Action: "lambda:InvokeFunction",
        Principal: "apigateway.amazonaws.com",
      }),
    );
    return FunctionArn;
  } finally {
    iam.destroy();
    lambda.destroy();
  }
}
