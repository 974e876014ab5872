import { APIGatewayClient, GetRestApiCommand, GetStagesCommand } from "@aws-sdk/client-api-gateway";
import type { ResourceUsage, RestApiUsage } from "@slipway/analysis";
import type { StateResource } from "@slipway/release-engine";
import { missing, textIn, unreadable } from "./resource-facts.ts";
import type { UsageContext } from "./usage-context.ts";

/** Sees a REST API's requests, and the log groups that API Gateway makes for its stages. */
export async function observeRestApi(
  context: UsageContext,
  resource: StateResource,
): Promise<{ usage: ResourceUsage; logGroups: readonly string[] }> {
  const id = resource.id ?? "";
  const facts = { address: resource.address, type: resource.type, name: textIn(resource, "name") ?? id };
  const gateway = context.aws.client(APIGatewayClient);
  const found = await context.ask("apigateway:GET", `the REST API ${id}`, (options) =>
    gateway.send(new GetRestApiCommand({ restApiId: id }), options),
  );
  if (found.kind !== "answer") {
    return { usage: found.kind === "missing" ? missing(facts) : unreadable(facts, found.why), logGroups: [] };
  }
  const { name = facts.name, createdDate } = found.value;
  const [[requests], stages] = await Promise.all([
    context.metrics.sums([{ namespace: "AWS/ApiGateway", name: "Count", dimensions: { ApiName: name } }]),
    context.ask("apigateway:GET", `the stages of the REST API ${id}`, (options) =>
      gateway.send(new GetStagesCommand({ restApiId: id }), options),
    ),
  ]);
  const all = stages.kind === "answer" ? (stages.value.item ?? []) : [];
  const usage: RestApiUsage = {
    kind: "rest-api",
    ...facts,
    name,
    createdAt: createdDate?.getTime(),
    requests: requests ?? { unknown: "it was not asked for" },
    cachedStages: all.flatMap(({ stageName = "", cacheClusterEnabled }) =>
      cacheClusterEnabled === true ? [stageName] : [],
    ),
  };
  return { usage, logGroups: all.map(({ stageName }) => `API-Gateway-Execution-Logs_${id}/${stageName}`) };
}
