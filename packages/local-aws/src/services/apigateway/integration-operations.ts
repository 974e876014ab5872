import type { Integration, IntegrationResponse, Method } from "@aws-sdk/client-api-gateway";
import type { Operations } from "../../core/service.ts";
import { type ApiState, badRequest, filled, methodOf, notFound } from "./api-state.ts";
import { checkRequestMappings, checkResponseMappings } from "./parameter-mapping.ts";
import { applyPatch, mapEntries, type PatchRule, replaceText } from "./patch.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

const SHORTEST_TIMEOUT_MS = 50;
const LONGEST_TIMEOUT_MS = 29_000;

/** Put-, Get-, Update- and DeleteIntegration, and the same for integration responses. */
export function integrationOperations(
  state: ApiState,
): Pick<
  Operations<Sdk>,
  | "PutIntegration"
  | "GetIntegration"
  | "UpdateIntegration"
  | "DeleteIntegration"
  | "PutIntegrationResponse"
  | "GetIntegrationResponse"
  | "UpdateIntegrationResponse"
  | "DeleteIntegrationResponse"
> {
  return {
    PutIntegration: (input) =>
      state.changeResource(input.restApiId, input.resourceId, (resource) => {
        const method = methodOf(resource, input.httpMethod);
        const { restApiId, resourceId, httpMethod, integrationHttpMethod, ...given } = input;
        const integration = newIntegration({ ...given, httpMethod: integrationHttpMethod }, resource.id);
        checkIntegration(method, integration);
        method.methodIntegration = integration;
        return integration;
      }),

    GetIntegration: (input) =>
      integrationOf(methodOf(state.resource(input.restApiId, input.resourceId).resource, input.httpMethod)),

    UpdateIntegration: (input) =>
      state.changeResource(input.restApiId, input.resourceId, (resource) => {
        const method = methodOf(resource, input.httpMethod);
        const integration = integrationOf(method);
        applyPatch(integration, input.patchOperations, integrationRules, "plain");
        integration.requestParameters = filled(integration.requestParameters);
        integration.requestTemplates = filled(integration.requestTemplates);
        checkIntegration(method, integration);
        return integration;
      }),

    DeleteIntegration(input) {
      state.changeResource(input.restApiId, input.resourceId, (resource) => {
        const method = methodOf(resource, input.httpMethod);
        integrationOf(method);
        method.methodIntegration = undefined;
      });
      return {};
    },

    PutIntegrationResponse: (input) =>
      state.changeResource(input.restApiId, input.resourceId, (resource) => {
        const method = methodOf(resource, input.httpMethod);
        const integration = integrationOf(method);
        const statusCode = input.statusCode ?? "";
        const response: IntegrationResponse = {
          statusCode,
          selectionPattern: input.selectionPattern,
          responseParameters: filled(input.responseParameters),
          responseTemplates: input.responseTemplates,
          contentHandling: input.contentHandling,
        };
        checkResponse(method, response);
        integration.integrationResponses = { ...integration.integrationResponses, [statusCode]: response };
        return response;
      }),

    GetIntegrationResponse: (input) =>
      responseOf(
        methodOf(state.resource(input.restApiId, input.resourceId).resource, input.httpMethod),
        input.statusCode,
      ),

    UpdateIntegrationResponse: (input) =>
      state.changeResource(input.restApiId, input.resourceId, (resource) => {
        const method = methodOf(resource, input.httpMethod);
        const response = responseOf(method, input.statusCode);
        applyPatch(response, input.patchOperations, responseRules, "plain");
        response.responseParameters = filled(response.responseParameters);
        checkResponse(method, response);
        return response;
      }),

    DeleteIntegrationResponse(input) {
      state.changeResource(input.restApiId, input.resourceId, (resource) => {
        const method = methodOf(resource, input.httpMethod);
        responseOf(method, input.statusCode);
        const integration = integrationOf(method);
        delete integration.integrationResponses?.[input.statusCode ?? ""];
        integration.integrationResponses = filled(integration.integrationResponses);
      });
      return {};
    },
  };
}

function integrationOf(method: Method): Integration {
  if (method.methodIntegration === undefined) {
    throw notFound("Invalid Integration identifier specified");
  }
  return method.methodIntegration;
}

function responseOf(method: Method, statusCode: string | undefined): IntegrationResponse {
  const response = statusCode === undefined ? undefined : integrationOf(method).integrationResponses?.[statusCode];
  if (response === undefined) {
    throw notFound("Invalid Response status code specified");
  }
  return response;
}

/** An integration with the defaults that AWS fills in. */
export function newIntegration(given: Integration, resourceId: string): Integration {
  const http = given.type === "HTTP" || given.type === "HTTP_PROXY";
  return {
    ...given,
    ...(given.connectionType === undefined && http ? { connectionType: "INTERNET" as const } : {}),
    requestParameters: filled(given.requestParameters),
    requestTemplates: filled(given.requestTemplates),
    passthroughBehavior: given.passthroughBehavior ?? "WHEN_NO_MATCH",
    timeoutInMillis: given.timeoutInMillis ?? LONGEST_TIMEOUT_MS,
    cacheNamespace: given.cacheNamespace ?? resourceId,
    cacheKeyParameters: given.cacheKeyParameters ?? [],
  };
}

/**
 * Checks an integration as PutIntegration does.
 *
 * @throws AwsError `BadRequestException`
 */
export function checkIntegration(method: Method, integration: Integration): void {
  const { type, uri = "", httpMethod, timeoutInMillis, passthroughBehavior } = integration;
  if (type !== "MOCK" && (httpMethod === undefined || httpMethod === "")) {
    throw badRequest("Enumeration value for HttpMethod must be non-empty");
  }
  if (type === "AWS" || type === "AWS_PROXY") {
    checkAwsUri(type, uri);
  }
  // Stage variables may stand for the host, so only what cannot become a URL is refused here.
  if ((type === "HTTP" || type === "HTTP_PROXY") && !/^https?:\/\/[^/]+/.test(uri)) {
    throw badRequest("Invalid HTTP endpoint specified for URI");
  }
  if (
    timeoutInMillis !== undefined &&
    (timeoutInMillis < SHORTEST_TIMEOUT_MS || timeoutInMillis > LONGEST_TIMEOUT_MS)
  ) {
    throw badRequest(`Timeout should be between ${SHORTEST_TIMEOUT_MS} ms and ${LONGEST_TIMEOUT_MS} ms`);
  }
  if (!["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"].includes(passthroughBehavior ?? "")) {
    throw badRequest("Invalid passthroughBehavior. Must be one of: [WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER]");
  }
  checkRequestMappings(method, integration.requestParameters);
}

function checkAwsUri(type: "AWS" | "AWS_PROXY", uri: string): void {
  if (!uri.startsWith("arn:")) {
    throw badRequest("Invalid ARN specified in the request");
  }
  const match = /^arn:aws[a-z-]*:apigateway:[^:]*:([^:]+):(path|action)\/(.+)$/.exec(uri);
  if (match === null) {
    throw badRequest("AWS ARN for integration must contain path or action");
  }
  const [, service = "", , target = ""] = match;
  const isLambda = service === "lambda" && /^2015-03-31\/functions\/.+\/invocations$/.test(target);
  const isFirehose = service === "firehose" && target.startsWith("PutRecord");
  if (type === "AWS_PROXY" && !isLambda && !isFirehose) {
    throw badRequest(
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    );
  }
}

function checkResponse(method: Method, response: IntegrationResponse): void {
  checkResponseMappings(method, response.statusCode ?? "", response.responseParameters);
  try {
    new RegExp(response.selectionPattern ?? "");
  } catch {
    throw badRequest("Invalid selection pattern specified");
  }
}

const integrationRules: PatchRule<Integration>[] = [
  replaceText("/uri", (integration, value) => {
    integration.uri = value;
  }),
  replaceText("/httpMethod", (integration, value) => {
    integration.httpMethod = value;
  }),
  replaceText("/credentials", (integration, value) => {
    integration.credentials = value === "" ? undefined : value;
  }),
  replaceText("/passthroughBehavior", (integration, value) => {
    integration.passthroughBehavior = value;
  }),
  replaceText("/contentHandling", (integration, value) => {
    integration.contentHandling = contentHandling(value);
  }),
  replaceText("/connectionType", (integration, value) => {
    integration.connectionType = value as Integration["connectionType"];
  }),
  replaceText("/connectionId", (integration, value) => {
    integration.connectionId = value;
  }),
  replaceText("/cacheNamespace", (integration, value) => {
    integration.cacheNamespace = value;
  }),
  replaceText("/timeoutInMillis", (integration, value) => {
    integration.timeoutInMillis = Number(value);
  }),
  replaceText("/tlsConfig/insecureSkipVerification", (integration, value) => {
    integration.tlsConfig = { insecureSkipVerification: value === "true" };
  }),
  replaceText("/responseTransferMode", (integration, value) => {
    integration.responseTransferMode = value as Integration["responseTransferMode"];
  }),
  mapEntries(
    "/requestParameters/{name}",
    (integration) => {
      integration.requestParameters ??= {};
      return integration.requestParameters;
    },
    (value) => value,
  ),
  mapEntries(
    "/requestTemplates/{contentType}",
    (integration) => {
      integration.requestTemplates ??= {};
      return integration.requestTemplates;
    },
    (value) => value,
  ),
  {
    path: "/cacheKeyParameters/{name}",
    verbs: ["add", "remove"],
    apply: (integration, _value, [name = ""], verb) => {
      const others = (integration.cacheKeyParameters ?? []).filter((parameter) => parameter !== name);
      integration.cacheKeyParameters = verb === "add" ? [...others, name] : others;
    },
  },
];

function contentHandling(value: string): Integration["contentHandling"] {
  if (value !== "" && value !== "CONVERT_TO_BINARY" && value !== "CONVERT_TO_TEXT") {
    throw badRequest("Invalid content handling, must be CONVERT_TO_BINARY or CONVERT_TO_TEXT");
  }
  return value === "" ? undefined : value;
}

const responseRules: PatchRule<IntegrationResponse>[] = [
  replaceText("/selectionPattern", (response, value) => {
    response.selectionPattern = value;
  }),
  replaceText("/contentHandling", (response, value) => {
    response.contentHandling = contentHandling(value);
  }),
  mapEntries(
    "/responseParameters/{name}",
    (response) => {
      response.responseParameters ??= {};
      return response.responseParameters;
    },
    (value) => value,
  ),
  mapEntries(
    "/responseTemplates/{contentType}",
    (response) => {
      response.responseTemplates ??= {};
      return response.responseTemplates;
    },
    (value) => value,
  ),
];
