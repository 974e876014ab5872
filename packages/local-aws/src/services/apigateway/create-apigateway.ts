import type { Core } from "../../core/core.ts";
import type { FunctionInvoker, LogSink, MetricSink, RoleDirectory, TagSource } from "../../core/ports.ts";
import { defineService, type Operations, type Service } from "../../core/service.ts";
import { compileApi } from "../../gateway/compile-api.ts";
import { createGateway, type Gateway } from "../../gateway/create-gateway.ts";
import { apiGatewayAccess } from "./access.ts";
import { accountOperations } from "./account-operations.ts";
import { apiKeyOperations } from "./api-key-operations.ts";
import { ApiState } from "./api-state.ts";
import { authorizerOperations } from "./authorizer-operations.ts";
import { deploymentOperations } from "./deployment-operations.ts";
import { gatewayResponseOperations } from "./gateway-response-operations.ts";
import { importOperations } from "./import-operations.ts";
import { integrationOperations } from "./integration-operations.ts";
import { methodOperations } from "./method-operations.ts";
import { modelOperations } from "./model-operations.ts";
import { requestValidatorOperations } from "./request-validator-operations.ts";
import { resourceOperations } from "./resource-operations.ts";
import { restApiOperations } from "./rest-api-operations.ts";
import { stageOperations } from "./stage-operations.ts";
import { tagOperations, tagSource } from "./tag-operations.ts";
import { usagePlanOperations } from "./usage-plan-operations.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/** What API Gateway asks of the other services. */
export interface ApiGatewayDependencies {
  readonly functions: FunctionInvoker;
  readonly logs: LogSink;
  readonly metrics: MetricSink;
  /** Finds the role that logs are written with, to see whom it trusts. */
  readonly roles?: RoleDirectory;
}

/**
 * Creates API Gateway (REST APIs): its control plane as a service, and its data plane.
 *
 * @param dependencies - who runs functions, and who takes logs and metrics of the traffic
 */
export function createApiGateway(
  core: Core,
  dependencies: ApiGatewayDependencies,
): { service: Service; gateway: Gateway; tags: TagSource } {
  const state = new ApiState(core);
  const gateway = createGateway(state, dependencies);
  const operations: Operations<Sdk> = {
    ...restApiOperations(state),
    ...importOperations(state),
    ...resourceOperations(state),
    ...methodOperations(state),
    ...integrationOperations(state),
    ...deploymentOperations(state, compileApi),
    ...stageOperations(state, gateway.flushAuthorizers),
    ...modelOperations(state),
    ...requestValidatorOperations(state),
    ...authorizerOperations(state),
    ...gatewayResponseOperations(state),
    ...apiKeyOperations(state),
    ...usagePlanOperations(state),
    ...accountOperations(state, dependencies.roles),
    ...tagOperations(state),
  };
  const service = defineService<Sdk>({
    id: "apigateway",
    signingNames: ["apigateway"],
    load: () => import("@aws-sdk/client-api-gateway"),
    client: "APIGatewayClient",
    rest: "restJson1",
    operations,
    access: apiGatewayAccess(state, Object.keys(operations)),
    inventory: () => [
      ...state.apis.values().map(({ id, settings }) => `AWS::ApiGateway::RestApi ${settings.name} (${id})`),
      ...state.stages.entries().map(([key]) => `AWS::ApiGateway::Stage ${key}`),
      ...state.usagePlans.values().map(({ id, name }) => `AWS::ApiGateway::UsagePlan ${name} (${id})`),
      ...state.apiKeys.values().map(({ id, name }) => `AWS::ApiGateway::ApiKey ${name ?? ""} (${id})`),
    ],
  });
  return { service, gateway, tags: tagSource(state) };
}
