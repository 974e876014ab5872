import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  UpdateAccountCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import type { StatedResource } from "../../test/state-fixture.ts";

/** An API that answers with the status that it is asked for, and writes down who has asked. */
export interface ShopApi {
  /** As the Terraform state has it. */
  readonly resources: readonly StatedResource[];
  ask(status: number): Promise<void>;
}

type Client = {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

const STATUSES = ["200", "404", "429", "503"];
const GROUP = "/aws/apigateway/shop";
const FORMAT = JSON.stringify({
  requestId: "$context.requestId",
  status: "$context.status",
  sourceIp: "$context.identity.sourceIp",
});
const DESTINATION = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;

/** Makes a {@link ShopApi}, without a function: the gateway answers by itself. */
export async function shopApi(client: Client): Promise<ShopApi> {
  await allowLogs(client);
  const gateway = new APIGatewayClient(client);
  const { id: restApiId = "", rootResourceId: resourceId = "" } = await gateway.send(
    new CreateRestApiCommand({ name: "shop" }),
  );
  const method = { restApiId, resourceId, httpMethod: "GET" };
  await gateway.send(
    new PutMethodCommand({
      ...{ ...method, authorizationType: "NONE" },
      requestParameters: { "method.request.querystring.status": false },
    }),
  );
  const requestTemplates = { "application/json": `{"statusCode": $input.params('status')}` };
  await gateway.send(new PutIntegrationCommand({ ...method, type: "MOCK", requestTemplates }));
  for (const statusCode of STATUSES) {
    await gateway.send(new PutMethodResponseCommand({ ...method, statusCode }));
    await gateway.send(new PutIntegrationResponseCommand({ ...method, statusCode, selectionPattern: statusCode }));
  }
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" }));
  const replace = (path: string, value: string) => ({ op: "replace" as const, path, value });
  const patchOperations = [
    replace("/accessLogSettings/destinationArn", DESTINATION),
    replace("/accessLogSettings/format", FORMAT),
  ];
  await gateway.send(new UpdateStageCommand({ restApiId, stageName: "prod", patchOperations }));
  gateway.destroy();
  return {
    resources: [
      { type: "aws_api_gateway_rest_api", attributes: { id: restApiId, name: "shop" } },
      {
        type: "aws_api_gateway_stage",
        attributes: {
          ...{ rest_api_id: restApiId, stage_name: "prod" },
          access_log_settings: [{ destination_arn: DESTINATION, format: FORMAT }],
        },
      },
    ],
    async ask(status) {
      const answer = await fetch(`${client.endpoint}/restapis/${restApiId}/prod/_user_request_/?status=${status}`);
      if (answer.status !== status) {
        throw new Error(`asked for ${status}, and was answered ${answer.status}: ${await answer.text()}`);
      }
    },
  };
}

/** The gateway writes logs with a role of the account. */
async function allowLogs(client: Client): Promise<void> {
  const [iam, logs, gateway] = [new IAMClient(client), new CloudWatchLogsClient(client), new APIGatewayClient(client)];
  const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const Principal = { Service: "apigateway.amazonaws.com" };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: "gateway-logs",
      AssumeRolePolicyDocument: policy({ Effect: "Allow", Principal, Action: "sts:AssumeRole" }),
    }),
  );
  const PolicyDocument = policy({ Effect: "Allow", Action: "logs:*", Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName: "gateway-logs", PolicyName: "logs", PolicyDocument }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  const value = Role?.Arn ?? "";
  await gateway.send(
    new UpdateAccountCommand({ patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value }] }),
  );
  iam.destroy();
  logs.destroy();
  gateway.destroy();
}
