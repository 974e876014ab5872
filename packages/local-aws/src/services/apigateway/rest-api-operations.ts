import type { RestApi } from "@aws-sdk/client-api-gateway";
import type { Operations } from "../../core/service.ts";
import { type ApiRecord, type ApiState, badRequest, newApiGatewayId, page } from "./api-state.ts";
import { applyPatch, mapEntries, type PatchRule, replaceFlag, replaceText } from "./patch.ts";
import { escapePolicy, normalizePolicy } from "./policy-text.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

const LARGEST_COMPRESSION_SIZE = 10_485_760;

/** CreateRestApi, GetRestApi(s), UpdateRestApi, DeleteRestApi. */
export function restApiOperations(
  state: ApiState,
): Pick<Operations<Sdk>, "CreateRestApi" | "GetRestApi" | "GetRestApis" | "UpdateRestApi" | "DeleteRestApi"> {
  return {
    CreateRestApi(input) {
      if (input.cloneFrom !== undefined) {
        throw badRequest(
          "cloneFrom is not supported by local AWS. Create the API from an OpenAPI body or from its resources.",
        );
      }
      const api = newApi(state, input);
      state.apis.put(api.id, api);
      const answer = restApiAnswer(api);
      return { ...answer, tags: input.tags };
    },

    GetRestApi: (input) => restApiAnswer(state.api(input.restApiId)),

    GetRestApis: (input) => page(state.apis.values().map(restApiAnswer), input.position, input.limit),

    UpdateRestApi: (input) =>
      state.changeApi(input.restApiId, (api) => {
        applyPatch(api, input.patchOperations, rulesFor(state), "plain");
        return { ...restApiAnswer(api), tags: api.settings.tags ?? {} };
      }),

    DeleteRestApi(input) {
      state.core.store.transaction(() => {
        const { id } = state.api(input.restApiId);
        state.apis.delete(id);
        for (const [key] of state.stages.entries(`${id}/`)) {
          state.stages.delete(key);
        }
        for (const [key] of state.deployments.entries(`${id}/`)) {
          state.deployments.delete(key);
        }
        forgetStages(state, id);
      });
      return {};
    },
  };
}

/** Takes an API's stages (or one of them) out of all usage plans, as their deletion does. */
export function forgetStages(state: ApiState, apiId: string, stageName?: string): void {
  for (const [planId, plan] of state.usagePlans.entries()) {
    const kept = plan.apiStages?.filter(
      (stage) => stage.apiId !== apiId || (stageName !== undefined && stage.stage !== stageName),
    );
    if (kept?.length !== plan.apiStages?.length) {
      state.usagePlans.put(planId, { ...plan, apiStages: kept });
    }
  }
}

/** An API as the operations answer it. */
export function restApiAnswer(api: ApiRecord): RestApi {
  const { policy, binaryMediaTypes, ...settings } = api.settings;
  return {
    ...settings,
    ...(binaryMediaTypes === undefined || binaryMediaTypes.length === 0 ? {} : { binaryMediaTypes }),
    ...(policy === undefined ? {} : { policy: escapePolicy(policy) }),
  };
}

/** A new API with its root resource and the two models that AWS gives every API. */
export function newApi(
  state: ApiState,
  input: Omit<RestApi, "id" | "createdDate" | "rootResourceId" | "warnings">,
): ApiRecord {
  if (input.name === undefined || input.name === "") {
    throw badRequest("API name cannot be empty");
  }
  if (input.description === "") {
    throw badRequest("Description cannot be an empty string");
  }
  checkCompressionSize(input.minimumCompressionSize);
  const id = newApiGatewayId(10);
  const rootResourceId = newApiGatewayId(10);
  const types = input.endpointConfiguration?.types ?? ["EDGE"];
  return {
    id,
    rootResourceId,
    settings: {
      id,
      name: input.name,
      description: input.description,
      createdDate: state.now(),
      version: input.version,
      binaryMediaTypes: input.binaryMediaTypes,
      minimumCompressionSize: input.minimumCompressionSize,
      apiKeySource: input.apiKeySource ?? "HEADER",
      endpointConfiguration: {
        types,
        ipAddressType: input.endpointConfiguration?.ipAddressType ?? (types.includes("PRIVATE") ? "dualstack" : "ipv4"),
        vpcEndpointIds: input.endpointConfiguration?.vpcEndpointIds,
      },
      policy: normalizePolicy(input.policy, state.core, id),
      tags: input.tags,
      disableExecuteApiEndpoint: input.disableExecuteApiEndpoint ?? false,
      rootResourceId,
      securityPolicy: input.securityPolicy,
      endpointAccessMode: input.endpointAccessMode,
    },
    resources: { [rootResourceId]: { id: rootResourceId, path: "/", methods: {} } },
    models: {
      Empty: {
        id: newApiGatewayId(6),
        name: "Empty",
        description: "This is a default empty schema model",
        contentType: "application/json",
        schema:
          '{\n  "$schema": "http://json-schema.org/draft-04/schema#",\n  "title" : "Empty Schema",\n  "type" : "object"\n}',
      },
      Error: {
        id: newApiGatewayId(6),
        name: "Error",
        description: "This is a default error schema model",
        contentType: "application/json",
        schema:
          '{\n  "$schema" : "http://json-schema.org/draft-04/schema#",\n  "title" : "Error Schema",\n  "type" : "object",\n  "properties" : {\n    "message" : { "type" : "string" }\n  }\n}',
      },
    },
    requestValidators: {},
    authorizers: {},
    gatewayResponses: {},
  };
}

function checkCompressionSize(size: number | undefined): void {
  if (size !== undefined && !(Number.isInteger(size) && size >= 0 && size <= LARGEST_COMPRESSION_SIZE)) {
    throw badRequest(`Invalid minimum compression size, must be between 0 and ${LARGEST_COMPRESSION_SIZE}`);
  }
}

function rulesFor(state: ApiState): PatchRule<ApiRecord>[] {
  return [
    replaceText("/name", ({ settings }, value) => {
      if (value === "") {
        throw badRequest("API name cannot be empty");
      }
      settings.name = value;
    }),
    {
      path: "/description",
      verbs: ["replace", "remove"],
      apply: ({ settings }, value, _keys, verb) => {
        settings.description = verb === "remove" ? undefined : value;
      },
    },
    replaceText("/version", ({ settings }, value) => {
      settings.version = value;
    }),
    replaceText("/apiKeySource", ({ settings }, value) => {
      if (value !== "HEADER" && value !== "AUTHORIZER") {
        throw badRequest("Invalid API key source, must be HEADER or AUTHORIZER");
      }
      settings.apiKeySource = value;
    }),
    replaceFlag("/disableExecuteApiEndpoint", ({ settings }, value) => {
      settings.disableExecuteApiEndpoint = value;
    }),
    replaceText("/policy", ({ id, settings }, value) => {
      settings.policy = normalizePolicy(value, state.core, id);
    }),
    replaceText("/minimumCompressionSize", ({ settings }, value) => {
      // An absent value turns compression off.
      const size = value === "" ? undefined : Number(value);
      checkCompressionSize(size);
      settings.minimumCompressionSize = size;
    }),
    {
      path: "/binaryMediaTypes/{type}",
      verbs: ["add", "remove", "replace"],
      apply: ({ settings }, value, [type = ""], verb) => {
        const others = (settings.binaryMediaTypes ?? []).filter((existing) => existing !== type);
        const added = verb === "add" ? [type] : verb === "replace" ? [value] : [];
        settings.binaryMediaTypes = [...others, ...added];
      },
    },
    {
      path: "/endpointConfiguration/types/{type}",
      verbs: ["replace"],
      apply: ({ settings }, value) => {
        if (value !== "EDGE" && value !== "REGIONAL" && value !== "PRIVATE") {
          throw badRequest("Invalid endpoint type, must be EDGE, REGIONAL or PRIVATE");
        }
        settings.endpointConfiguration = {
          ...settings.endpointConfiguration,
          types: [value],
          ...(value === "PRIVATE" ? { ipAddressType: "dualstack" } : {}),
        };
      },
    },
    replaceText("/endpointConfiguration/ipAddressType", ({ settings }, value) => {
      if (value !== "ipv4" && value !== "dualstack") {
        throw badRequest("Invalid IP address type, must be ipv4 or dualstack");
      }
      settings.endpointConfiguration = { ...settings.endpointConfiguration, ipAddressType: value };
    }),
    {
      path: "/endpointConfiguration/vpcEndpointIds",
      verbs: ["add", "remove"],
      apply: ({ settings }, value, _keys, verb) => {
        const others = (settings.endpointConfiguration?.vpcEndpointIds ?? []).filter((id) => id !== value);
        settings.endpointConfiguration = {
          ...settings.endpointConfiguration,
          vpcEndpointIds: verb === "add" ? [...others, value] : others,
        };
      },
    },
    mapEntries(
      "/tags/{key}",
      ({ settings }) => {
        settings.tags ??= {};
        return settings.tags;
      },
      (value) => value,
    ),
  ];
}
