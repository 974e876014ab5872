import type { Method, MethodResponse } from "@aws-sdk/client-api-gateway";
import type { Operations } from "../../core/service.ts";
import { type ApiRecord, type ApiState, badRequest, conflict, filled, methodOf, notFound } from "./api-state.ts";
import { checkDeclaredParameters } from "./parameter-mapping.ts";
import { applyPatch, mapEntries, type PatchRule, replaceFlag, replaceText } from "./patch.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/** What the `ANY` method stands for, and the methods that a REST API can have. */
export const HTTP_METHODS: readonly string[] = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"];

const AUTHORIZATION_TYPES: readonly string[] = ["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"];

/** Put-, Get-, Update- and DeleteMethod, and the same for method responses. */
export function methodOperations(
  state: ApiState,
): Pick<
  Operations<Sdk>,
  | "PutMethod"
  | "GetMethod"
  | "UpdateMethod"
  | "DeleteMethod"
  | "PutMethodResponse"
  | "GetMethodResponse"
  | "UpdateMethodResponse"
  | "DeleteMethodResponse"
> {
  return {
    PutMethod: (input) =>
      state.changeResource(input.restApiId, input.resourceId, (resource, api) => {
        const httpMethod = input.httpMethod ?? "";
        if (!HTTP_METHODS.includes(httpMethod)) {
          throw badRequest(`Invalid HttpMethod specified. Valid options are ${HTTP_METHODS.join(",")}`);
        }
        if (resource.methods[httpMethod] !== undefined) {
          throw conflict("Method already exists for this resource");
        }
        const method: Method = {
          httpMethod,
          authorizationType: input.authorizationType,
          authorizerId: input.authorizerId,
          apiKeyRequired: input.apiKeyRequired ?? false,
          operationName: input.operationName,
          requestParameters: filled(input.requestParameters),
          requestModels: filled(input.requestModels),
          requestValidatorId: input.requestValidatorId,
          authorizationScopes: input.authorizationScopes,
        };
        checkMethod(api, method);
        resource.methods[httpMethod] = method;
        return method;
      }),

    GetMethod: (input) => methodOf(state.resource(input.restApiId, input.resourceId).resource, input.httpMethod),

    UpdateMethod: (input) =>
      state.changeResource(input.restApiId, input.resourceId, (resource, api) => {
        const method = methodOf(resource, input.httpMethod);
        applyPatch(method, input.patchOperations, methodRules, "plain");
        settle(method);
        checkMethod(api, method);
        return method;
      }),

    DeleteMethod(input) {
      state.changeResource(input.restApiId, input.resourceId, (resource) => {
        methodOf(resource, input.httpMethod);
        delete resource.methods[input.httpMethod ?? ""];
      });
      return {};
    },

    PutMethodResponse: (input) =>
      state.changeResource(input.restApiId, input.resourceId, (resource, api) => {
        const method = methodOf(resource, input.httpMethod);
        const statusCode = input.statusCode ?? "";
        if (!/^[1-5]\d\d$/.test(statusCode)) {
          throw badRequest("Invalid status code specified");
        }
        method.methodResponses ??= {};
        if (method.methodResponses[statusCode] !== undefined) {
          throw conflict("Response already exists for this resource");
        }
        checkModels(api, input.responseModels);
        const response: MethodResponse = {
          statusCode,
          responseParameters: filled(input.responseParameters),
          responseModels: filled(input.responseModels),
        };
        method.methodResponses[statusCode] = response;
        return response;
      }),

    GetMethodResponse: (input) =>
      responseOf(
        methodOf(state.resource(input.restApiId, input.resourceId).resource, input.httpMethod),
        input.statusCode,
      ),

    UpdateMethodResponse: (input) =>
      state.changeResource(input.restApiId, input.resourceId, (resource, api) => {
        const response = responseOf(methodOf(resource, input.httpMethod), input.statusCode);
        applyPatch(response, input.patchOperations, responseRules, "plain");
        checkModels(api, response.responseModels);
        response.responseParameters = filled(response.responseParameters);
        response.responseModels = filled(response.responseModels);
        return response;
      }),

    DeleteMethodResponse(input) {
      state.changeResource(input.restApiId, input.resourceId, (resource) => {
        const method = methodOf(resource, input.httpMethod);
        responseOf(method, input.statusCode);
        delete method.methodResponses?.[input.statusCode ?? ""];
        method.methodResponses = filled(method.methodResponses);
      });
      return {};
    },
  };
}

function responseOf(method: Method, statusCode: string | undefined): MethodResponse {
  const response = statusCode === undefined ? undefined : method.methodResponses?.[statusCode];
  if (response === undefined) {
    throw notFound("Invalid Response status code specified");
  }
  return response;
}

/** Removes what an update emptied, as AWS's answers do. */
function settle(method: Method): void {
  method.requestParameters = filled(method.requestParameters);
  method.requestModels = filled(method.requestModels);
  if (method.authorizationType !== "CUSTOM" && method.authorizationType !== "COGNITO_USER_POOLS") {
    method.authorizerId = undefined;
  }
  if (method.authorizationScopes?.length === 0) {
    method.authorizationScopes = undefined;
  }
}

/** @throws AwsError `BadRequestException` where the method refers to something that the API does not have */
function checkMethod(api: ApiRecord, method: Method): void {
  if (!AUTHORIZATION_TYPES.includes(method.authorizationType ?? "")) {
    throw badRequest(
      `Invalid authorization type specified: ${method.authorizationType}. Valid options are ${AUTHORIZATION_TYPES.join(", ")}`,
    );
  }
  const needsAuthorizer = method.authorizationType === "CUSTOM" || method.authorizationType === "COGNITO_USER_POOLS";
  if (needsAuthorizer && (method.authorizerId === undefined || api.authorizers[method.authorizerId] === undefined)) {
    throw badRequest(
      "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
    );
  }
  if (method.requestValidatorId !== undefined && api.requestValidators[method.requestValidatorId] === undefined) {
    throw badRequest("Invalid Request Validator identifier specified");
  }
  checkModels(api, method.requestModels);
  checkDeclaredParameters(Object.keys(method.requestParameters ?? {}));
}

function checkModels(api: ApiRecord, models: Record<string, string> | undefined): void {
  for (const name of Object.values(models ?? {})) {
    if (api.models[name] === undefined) {
      throw badRequest(`Invalid model identifier specified: ${name}`);
    }
  }
}

const methodRules: PatchRule<Method>[] = [
  replaceText("/authorizationType", (method, value) => {
    method.authorizationType = value;
  }),
  replaceText("/authorizerId", (method, value) => {
    method.authorizerId = value === "" ? undefined : value;
  }),
  replaceFlag("/apiKeyRequired", (method, value) => {
    method.apiKeyRequired = value;
  }),
  replaceText("/operationName", (method, value) => {
    method.operationName = value === "" ? undefined : value;
  }),
  replaceText("/requestValidatorId", (method, value) => {
    method.requestValidatorId = value === "" ? undefined : value;
  }),
  mapEntries(
    "/requestParameters/{name}",
    (method) => {
      method.requestParameters ??= {};
      return method.requestParameters;
    },
    (value) => value === "true",
  ),
  mapEntries(
    "/requestModels/{contentType}",
    (method) => {
      method.requestModels ??= {};
      return method.requestModels;
    },
    (value) => value,
  ),
  {
    path: "/authorizationScopes",
    verbs: ["add", "remove"],
    apply: (method, value, _keys, verb) => {
      const others = (method.authorizationScopes ?? []).filter((scope) => scope !== value);
      method.authorizationScopes = verb === "add" ? [...others, value] : others;
    },
  },
];

const responseRules: PatchRule<MethodResponse>[] = [
  mapEntries(
    "/responseParameters/{name}",
    (response) => {
      response.responseParameters ??= {};
      return response.responseParameters;
    },
    (value) => value === "true",
  ),
  mapEntries(
    "/responseModels/{contentType}",
    (response) => {
      response.responseModels ??= {};
      return response.responseModels;
    },
    (value) => value,
  ),
];
