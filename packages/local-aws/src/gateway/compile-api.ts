import type { Authorizer, GatewayResponse, Method } from "@aws-sdk/client-api-gateway";
import type { ResourcePolicy } from "../core/access.ts";
import type { ApiRecord } from "../services/apigateway/api-state.ts";
import { functionInUri } from "./function-reference.ts";
import type { RunIntegration } from "./integration.ts";
import { lambdaIntegration } from "./lambda-integration.ts";
import { mockIntegration } from "./mock-integration.ts";
import { requestValidation, type ValidateRequest } from "./request-validation.ts";
import { Routes } from "./routes.ts";
import { UnsupportedApiError } from "./unsupported-api-error.ts";

/** A method of a deployment, ready to serve. */
export interface CompiledMethod {
  /** As declared: `GET`, `ANY`. */
  readonly httpMethod: string;
  readonly definition: Method;
  readonly authorizer: Authorizer | undefined;
  readonly validate: ValidateRequest | undefined;
  readonly run: RunIntegration;
}

/** A deployment, ready to serve. */
export interface CompiledApi {
  readonly name: string;
  readonly routes: Routes;
  readonly binaryMediaTypes: readonly string[];
  readonly apiKeySource: string;
  readonly minimumCompressionSize: number | undefined;
  readonly disabled: boolean;
  /** The resource policy, as it was when the API was deployed. */
  readonly policy: ResourcePolicy | undefined;
  readonly gatewayResponses: Readonly<Record<string, GatewayResponse>>;
}

/**
 * Makes an API's snapshot ready to serve.
 *
 * @throws UnsupportedApiError naming everything in it that local AWS cannot serve as AWS would
 */
export function compileApi(api: ApiRecord): CompiledApi {
  const problems: string[] = [];
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (error instanceof UnsupportedApiError) {
        problems.push(error.message);
        return undefined;
      }
      throw error;
    }
  };
  const resources = Object.values(api.resources).map((resource) => {
    const methods = new Map<string, CompiledMethod>();
    for (const [httpMethod, method] of Object.entries(resource.methods)) {
      const compiled = attempt(() => compileMethod(api, method, httpMethod, resource.path));
      if (compiled !== undefined) {
        methods.set(httpMethod, compiled);
      }
    }
    return { id: resource.id, path: resource.path, methods };
  });
  if (problems.length > 0) {
    throw new UnsupportedApiError(problems.join(" "));
  }
  const { settings } = api;
  return {
    name: settings.name ?? "",
    routes: new Routes(resources),
    binaryMediaTypes: settings.binaryMediaTypes ?? [],
    apiKeySource: settings.apiKeySource ?? "HEADER",
    minimumCompressionSize: settings.minimumCompressionSize,
    disabled: settings.disableExecuteApiEndpoint === true,
    policy: resourcePolicy(api),
    gatewayResponses: api.gatewayResponses,
  };
}

function compileMethod(api: ApiRecord, method: Method, httpMethod: string, path: string): CompiledMethod {
  const where = `${httpMethod} ${path}`;
  return {
    httpMethod,
    definition: method,
    authorizer: authorizerOf(api, method, where),
    validate: requestValidation(api, method, where),
    run: integrationOf(method, where),
  };
}

function authorizerOf(api: ApiRecord, method: Method, where: string): Authorizer | undefined {
  switch (method.authorizationType) {
    case "CUSTOM": {
      const authorizer = api.authorizers[method.authorizerId ?? ""];
      if (authorizer === undefined) {
        throw new UnsupportedApiError(`${where}: its authorizer ${method.authorizerId} does not exist.`);
      }
      if (authorizer.authorizerCredentials !== undefined) {
        throw new UnsupportedApiError(
          `${where}: authorizer ${authorizer.name} has authorizerCredentials, which local AWS does not support. Remove them and allow apigateway.amazonaws.com to invoke the function (aws_lambda_permission).`,
        );
      }
      return authorizer;
    }
    case "COGNITO_USER_POOLS":
      throw new UnsupportedApiError(
        `${where}: authorization type COGNITO_USER_POOLS is not supported by local AWS, which has no Cognito. Use a Lambda authorizer (CUSTOM).`,
      );
    default:
      return undefined;
  }
}

function integrationOf(method: Method, where: string): RunIntegration {
  const { methodIntegration: integration } = method;
  if (integration === undefined) {
    throw new UnsupportedApiError(`${where}: it has no integration.`);
  }
  if (integration.type === "MOCK") {
    return mockIntegration(integration, where);
  }
  if (integration.type !== "AWS_PROXY" || functionInUri(integration.uri ?? "") === undefined) {
    throw new UnsupportedApiError(
      `${where}: integrations of type ${integration.type} to ${integration.uri} are not supported by local AWS. Use a Lambda proxy integration (AWS_PROXY) or a MOCK.`,
    );
  }
  if (integration.credentials !== undefined) {
    throw new UnsupportedApiError(
      `${where}: credentials of integrations are not supported by local AWS. Remove them and allow apigateway.amazonaws.com to invoke the function (aws_lambda_permission).`,
    );
  }
  if (integration.responseTransferMode === "STREAM") {
    throw new UnsupportedApiError(`${where}: responseTransferMode STREAM is not supported by local AWS. Use BUFFERED.`);
  }
  if (integration.contentHandling === "CONVERT_TO_BINARY") {
    throw new UnsupportedApiError(
      `${where}: contentHandling CONVERT_TO_BINARY is not supported by local AWS. Use binaryMediaTypes.`,
    );
  }
  return lambdaIntegration(integration);
}

function resourcePolicy({ id, settings }: ApiRecord): ResourcePolicy | undefined {
  return settings.policy === undefined
    ? undefined
    : { name: `resource policy of API ${id}`, document: settings.policy, mode: "sufficient" };
}
