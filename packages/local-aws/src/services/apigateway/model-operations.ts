import type { Model } from "@aws-sdk/client-api-gateway";
import type { Operations } from "../../core/service.ts";
import { type ApiRecord, type ApiState, badRequest, conflict, newApiGatewayId, notFound, page } from "./api-state.ts";
import { applyPatch, type PatchRule, replaceText } from "./patch.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/** CreateModel, GetModel(s), UpdateModel, DeleteModel. */
export function modelOperations(
  state: ApiState,
): Pick<Operations<Sdk>, "CreateModel" | "GetModel" | "GetModels" | "UpdateModel" | "DeleteModel"> {
  return {
    CreateModel: (input) =>
      state.changeApi(input.restApiId, (api) => {
        const { name = "", contentType = "", schema = "" } = input;
        checkModelName(name);
        if (contentType === "") {
          throw badRequest("Content type must be non-empty");
        }
        checkSchema(contentType, schema);
        if (api.models[name] !== undefined) {
          throw conflict("Model name already exists for this REST API");
        }
        const model: Model = { id: newApiGatewayId(6), name, description: input.description, schema, contentType };
        api.models[name] = model;
        return model;
      }),

    GetModel: (input) => modelOf(state.apis.get(input.restApiId ?? ""), input.modelName),

    GetModels(input) {
      const models = Object.values(state.api(input.restApiId).models);
      return page(
        models.sort((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1)),
        input.position,
        input.limit,
      );
    },

    UpdateModel: (input) =>
      state.core.store.transaction(() => {
        const api = state.apis.get(input.restApiId ?? "");
        const model = modelOf(api, input.modelName);
        applyPatch(model, input.patchOperations, rules, "listed");
        if (api !== undefined) {
          state.apis.put(api.id, api);
        }
        return model;
      }),

    DeleteModel(input) {
      state.core.store.transaction(() => {
        const api = state.apis.get(input.restApiId ?? "");
        const { name = "" } = modelOf(api, input.modelName);
        if (api !== undefined) {
          refuseIfUsed(api, name);
          delete api.models[name];
          state.apis.put(api.id, api);
        }
      });
      return {};
    },
  };
}

function modelOf(api: ApiRecord | undefined, name: string | undefined): Model {
  const model = name === undefined ? undefined : api?.models[name];
  if (model === undefined) {
    throw notFound(`Invalid model name specified: ${name}`);
  }
  return model;
}

/** @throws AwsError `BadRequestException` */
export function checkModelName(name: string): void {
  if (name === "") {
    throw badRequest("Model name must be non-empty");
  }
  if (!/^[a-zA-Z0-9]+$/.test(name)) {
    throw badRequest(`Model name must be alphanumeric: ${name}`);
  }
}

function checkSchema(contentType: string, schema: string): void {
  if (schema === "") {
    throw badRequest("Model schema must have at least 1 property or array items defined");
  }
  if (!contentType.includes("json")) {
    return;
  }
  let document: unknown;
  try {
    document = JSON.parse(schema);
  } catch (cause) {
    throw badRequest(
      `Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified. ${cause instanceof Error ? cause.message : cause}]`,
    );
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw badRequest(
      "Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified. A JSON object is expected]",
    );
  }
}

function refuseIfUsed(api: ApiRecord, name: string): void {
  for (const resource of Object.values(api.resources)) {
    for (const [httpMethod, method] of Object.entries(resource.methods)) {
      if (Object.values(method.requestModels ?? {}).includes(name)) {
        throw conflict(
          `Cannot delete model '${name}', is referenced in method request: ${resource.path}/${httpMethod}`,
        );
      }
      for (const response of Object.values(method.methodResponses ?? {})) {
        if (Object.values(response.responseModels ?? {}).includes(name)) {
          throw conflict(
            `Cannot delete model '${name}', is referenced in method response: ${resource.path}/${httpMethod}/${response.statusCode}`,
          );
        }
      }
    }
  }
  for (const other of Object.values(api.models)) {
    if (other.name !== name && new RegExp(`/models/${name}"`).test(other.schema ?? "")) {
      throw conflict(`Cannot delete model '${name}', is referenced in model: ${other.name}`);
    }
  }
}

const rules: PatchRule<Model>[] = [
  replaceText("/description", (model, value) => {
    model.description = value;
  }),
  replaceText("/schema", (model, value) => {
    checkSchema(model.contentType ?? "", value);
    model.schema = value;
  }),
];
