import type { GatewayResponse } from "@aws-sdk/client-api-gateway";
import { AwsError } from "../../core/aws-error.ts";
import type { Operations } from "../../core/service.ts";
import {
  DEFAULT_TEMPLATES,
  effectiveGatewayResponse,
  GATEWAY_RESPONSE_STATUS,
  type GatewayResponseTypeName,
} from "../../gateway/gateway-response-types.ts";
import { type ApiState, badRequest, filled, notFound, page } from "./api-state.ts";
import { applyPatch, type PatchRule } from "./patch.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/** PutGatewayResponse, GetGatewayResponse(s), UpdateGatewayResponse, DeleteGatewayResponse. */
export function gatewayResponseOperations(
  state: ApiState,
): Pick<
  Operations<Sdk>,
  | "PutGatewayResponse"
  | "GetGatewayResponse"
  | "GetGatewayResponses"
  | "UpdateGatewayResponse"
  | "DeleteGatewayResponse"
> {
  return {
    PutGatewayResponse: (input) =>
      state.changeApi(input.restApiId, (api) => {
        const responseType = typeOf(input.responseType);
        const response = newGatewayResponse(responseType, input);
        api.gatewayResponses[responseType] = response;
        return response;
      }),

    GetGatewayResponse(input) {
      const responseType = typeOf(input.responseType);
      return effectiveGatewayResponse(state.api(input.restApiId).gatewayResponses, responseType);
    },

    GetGatewayResponses(input) {
      const { gatewayResponses } = state.api(input.restApiId);
      const types = Object.keys(GATEWAY_RESPONSE_STATUS) as GatewayResponseTypeName[];
      return page(
        types.map((type) => effectiveGatewayResponse(gatewayResponses, type)),
        input.position,
        input.limit ?? types.length,
      );
    },

    UpdateGatewayResponse: (input) =>
      state.changeApi(input.restApiId, (api) => {
        const responseType = typeOf(input.responseType);
        const response = structuredClone(effectiveGatewayResponse(api.gatewayResponses, responseType));
        applyPatch(response, input.patchOperations, rules, "plain");
        response.defaultResponse = false;
        api.gatewayResponses[responseType] = response;
        return response;
      }),

    DeleteGatewayResponse(input) {
      state.changeApi(input.restApiId, (api) => {
        const responseType = typeOf(input.responseType);
        if (api.gatewayResponses[responseType] === undefined) {
          throw notFound("Gateway response type not defined on api");
        }
        delete api.gatewayResponses[responseType];
      });
      return {};
    },
  };
}

/** A customised gateway response with AWS's defaults for what is not given. */
export function newGatewayResponse(
  responseType: GatewayResponseTypeName,
  given: Pick<GatewayResponse, "statusCode" | "responseParameters" | "responseTemplates">,
): GatewayResponse {
  for (const target of Object.keys(given.responseParameters ?? {})) {
    if (!target.startsWith("gatewayresponse.header.")) {
      throw badRequest(`Invalid parameter name specified: ${target}. Must start with gatewayresponse.header.`);
    }
  }
  return {
    responseType,
    statusCode: given.statusCode ?? GATEWAY_RESPONSE_STATUS[responseType],
    responseParameters: given.responseParameters ?? {},
    responseTemplates: filled(given.responseTemplates) ?? { ...DEFAULT_TEMPLATES },
    defaultResponse: false,
  };
}

/** Whether API Gateway has such a type of gateway response. */
export function isGatewayResponseType(type: string): type is GatewayResponseTypeName {
  return Object.hasOwn(GATEWAY_RESPONSE_STATUS, type);
}

function typeOf(type: string | undefined): GatewayResponseTypeName {
  if (type === undefined || !isGatewayResponseType(type)) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${type}' at 'responseType' failed to satisfy constraint: Member must satisfy enum value set: [${Object.keys(GATEWAY_RESPONSE_STATUS).join(", ")}]`,
      { status: 400 },
    );
  }
  return type;
}

const rules: PatchRule<GatewayResponse>[] = [
  {
    path: "/statusCode",
    verbs: ["replace"],
    apply: (response, value) => {
      response.statusCode = value;
    },
  },
  entries("responseParameters"),
  entries("responseTemplates"),
];

function entries(member: "responseParameters" | "responseTemplates"): PatchRule<GatewayResponse> {
  return {
    path: `/${member}/{name}`,
    verbs: ["add", "replace", "remove"],
    apply: (response, value, [name = ""], verb) => {
      const map = { ...response[member] };
      if (verb !== "add" && map[name] === undefined) {
        throw notFound("Invalid parameter name specified");
      }
      if (verb === "remove") {
        delete map[name];
      } else if (value === "") {
        throw badRequest(`Invalid null or empty value in ${member}`);
      } else {
        map[name] = value;
      }
      response[member] = map;
    },
  };
}
