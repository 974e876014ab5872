import type { Authorizer } from "@aws-sdk/client-api-gateway";
import type { Operations } from "../../core/service.ts";
import { type ApiRecord, type ApiState, badRequest, conflict, newApiGatewayId, notFound, page } from "./api-state.ts";
import { applyPatch, type PatchRule, replaceText } from "./patch.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

const LONGEST_TTL_SECONDS = 3600;

/** CreateAuthorizer, GetAuthorizer(s), UpdateAuthorizer, DeleteAuthorizer. */
export function authorizerOperations(
  state: ApiState,
): Pick<
  Operations<Sdk>,
  "CreateAuthorizer" | "GetAuthorizer" | "GetAuthorizers" | "UpdateAuthorizer" | "DeleteAuthorizer"
> {
  return {
    CreateAuthorizer: (input) =>
      state.changeApi(input.restApiId, (api) => {
        const { restApiId, ...given } = input;
        const authorizer: Authorizer = { ...given, id: newApiGatewayId(6), authType: given.authType ?? "custom" };
        checkAuthorizer(api, authorizer);
        api.authorizers[authorizer.id ?? ""] = authorizer;
        return authorizer;
      }),

    GetAuthorizer: (input) => authorizerOf(state.apis.get(input.restApiId ?? ""), input.authorizerId),

    GetAuthorizers: (input) => page(Object.values(state.api(input.restApiId).authorizers), input.position, input.limit),

    UpdateAuthorizer: (input) =>
      state.changeApi(input.restApiId, (api) => {
        const authorizer = authorizerOf(api, input.authorizerId);
        applyPatch(authorizer, input.patchOperations, rules, "listed");
        checkAuthorizer(api, authorizer);
        return authorizer;
      }),

    DeleteAuthorizer(input) {
      state.changeApi(input.restApiId, (api) => {
        const authorizer = authorizerOf(api, input.authorizerId);
        for (const resource of Object.values(api.resources)) {
          for (const [httpMethod, method] of Object.entries(resource.methods)) {
            if (method.authorizerId === authorizer.id) {
              throw conflict(
                `Cannot delete authorizer '${authorizer.name}', is referenced in method: ${resource.path}/${httpMethod}`,
              );
            }
          }
        }
        delete api.authorizers[authorizer.id ?? ""];
      });
      return {};
    },
  };
}

function authorizerOf(api: ApiRecord | undefined, id: string | undefined): Authorizer {
  const authorizer = id === undefined ? undefined : api?.authorizers[id];
  if (authorizer === undefined) {
    throw notFound("Invalid Authorizer identifier specified");
  }
  return authorizer;
}

/**
 * Checks an authorizer as CreateAuthorizer does.
 *
 * @throws AwsError `BadRequestException` or `ConflictException`
 */
export function checkAuthorizer(api: ApiRecord, authorizer: Authorizer): void {
  const { name = "", type, authorizerUri = "", identitySource, authorizerResultTtlInSeconds: ttl = 300 } = authorizer;
  if (name === "") {
    throw badRequest("Authorizer name cannot be empty");
  }
  if (Object.values(api.authorizers).some((other) => other.name === name && other.id !== authorizer.id)) {
    throw conflict(`Authorizer name must be unique. Authorizer ${name} already exists in this RestApi.`);
  }
  if (type === "COGNITO_USER_POOLS") {
    throw badRequest(
      "Authorizers of type COGNITO_USER_POOLS are not supported by local AWS, which has no Cognito. Use a TOKEN or REQUEST authorizer.",
    );
  }
  if (type !== "TOKEN" && type !== "REQUEST") {
    throw badRequest("Invalid Authorizer type specified. Must be one of: [TOKEN, REQUEST, COGNITO_USER_POOLS]");
  }
  if (!/^arn:aws[a-z-]*:apigateway:[^:]*:lambda:path\/2015-03-31\/functions\/.+\/invocations$/.test(authorizerUri)) {
    throw badRequest(
      `Invalid Authorizer URI: ${authorizerUri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    );
  }
  if (ttl < 0 || ttl > LONGEST_TTL_SECONDS) {
    throw badRequest("Authorizer TTL must be within 0 and 3600 seconds");
  }
  if (type === "TOKEN" && !/^method\.request\.header\.[^,]+$/.test(identitySource ?? "")) {
    throw badRequest("Identity source for TOKEN authorizers must be one header: method.request.header.{name}");
  }
  if (type === "REQUEST" && ttl > 0 && (identitySource ?? "") === "") {
    throw badRequest(
      "Identity source is required for REQUEST authorizers with caching (authorizerResultTtlInSeconds > 0)",
    );
  }
}

const rules: PatchRule<Authorizer>[] = [
  replaceText("/name", (authorizer, value) => {
    authorizer.name = value;
  }),
  replaceText("/type", (authorizer, value) => {
    authorizer.type = value as Authorizer["type"];
  }),
  replaceText("/authorizerUri", (authorizer, value) => {
    authorizer.authorizerUri = value;
  }),
  replaceText("/authorizerCredentials", (authorizer, value) => {
    authorizer.authorizerCredentials = value === "" ? undefined : value;
  }),
  replaceText("/authorizerResultTtlInSeconds", (authorizer, value) => {
    authorizer.authorizerResultTtlInSeconds = Number(value);
  }),
  replaceText("/identitySource", (authorizer, value) => {
    authorizer.identitySource = value === "" ? undefined : value;
  }),
  replaceText("/identityValidationExpression", (authorizer, value) => {
    authorizer.identityValidationExpression = value === "" ? undefined : value;
  }),
  replaceText("/authType", (authorizer, value) => {
    authorizer.authType = value;
  }),
];
