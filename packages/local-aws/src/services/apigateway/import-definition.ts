import type { RestApi } from "@aws-sdk/client-api-gateway";
import { type ApiRecord, type ApiState, badRequest, newApiGatewayId, type ResourceRecord } from "./api-state.ts";
import { isGatewayResponseType, newGatewayResponse } from "./gateway-response-operations.ts";
import { importMethod, type MethodImportContext } from "./import-method.ts";
import { ModelImport } from "./import-models.ts";
import { SecurityImport } from "./import-security.ts";
import { checkIntegration } from "./integration-operations.ts";
import { HTTP_METHODS } from "./method-operations.ts";
import {
  basePathOf,
  isJson,
  type Json,
  listOf,
  mapsOf,
  type OpenApiDocument,
  textMapOf,
  textOf,
  textsOf,
} from "./openapi-document.ts";
import { normalizePolicy } from "./policy-text.ts";
import { addResource } from "./resource-operations.ts";

/** What an import is told beside the document. */
export interface ImportOptions {
  readonly mode: "overwrite" | "merge";
  /** What to do with the document's base path: `ignore`, `prepend` or `split`. */
  readonly basePathMode: string;
}

/** Extensions that say nothing about how an API behaves here. */
const WITHOUT_EFFECT = new Set(["x-amazon-apigateway-importexport-version", "x-amazon-apigateway-documentation"]);

/** Extensions of the document as a whole that an import understands. */
const UNDERSTOOD = new Set([
  "x-amazon-apigateway-api-key-source",
  "x-amazon-apigateway-binary-media-types",
  "x-amazon-apigateway-endpoint-configuration",
  "x-amazon-apigateway-gateway-responses",
  "x-amazon-apigateway-minimum-compression-size",
  "x-amazon-apigateway-policy",
  "x-amazon-apigateway-request-validator",
  "x-amazon-apigateway-request-validators",
]);

/**
 * Puts a document into an API, in place of what it was (`overwrite`) or on top of it (`merge`).
 *
 * Source: Amazon API Gateway developer guide, "Develop REST APIs using OpenAPI in API Gateway" and "OpenAPI extensions for API
 * Gateway".
 *
 * @returns what in the document could not be used
 * @throws AwsError `BadRequestException` where the document describes something that API Gateway refuses
 */
export function importDefinition(
  state: ApiState,
  api: ApiRecord,
  document: OpenApiDocument,
  options: ImportOptions,
): string[] {
  const warnings = unknownExtensions(document.root);
  const overwrite = options.mode === "overwrite";
  if (overwrite) {
    clear(api);
  }
  importSettings(state, api, document, overwrite);
  const models = new ModelImport(api, document);
  models.importAll();
  const context: MethodImportContext = {
    document,
    models,
    security: new SecurityImport(api, document),
    validators: importValidators(api, document.root["x-amazon-apigateway-request-validators"]),
    warnings,
  };
  importGatewayResponses(api, document.root["x-amazon-apigateway-gateway-responses"]);
  const base = basePathOf(document, options.basePathMode);
  for (const [path, item] of mapsOf(document.root.paths)) {
    importPath(context, api, base + path, item);
  }
  return warnings;
}

/** Empties an API, except for what it is: its id, its root, its type of endpoint and its tags. */
function clear(api: ApiRecord): void {
  const root = api.resources[api.rootResourceId];
  api.resources = { [api.rootResourceId]: { id: api.rootResourceId, path: root?.path ?? "/", methods: {} } };
  api.models = {};
  api.requestValidators = {};
  api.authorizers = {};
  api.gatewayResponses = {};
}

function importSettings(state: ApiState, api: ApiRecord, { root, version }: OpenApiDocument, overwrite: boolean): void {
  const info = isJson(root.info) ? root.info : {};
  const endpoint = version === "2.0" ? root : listOf(root.servers)[0];
  const configuration = endpoint?.["x-amazon-apigateway-endpoint-configuration"];
  const policy = root["x-amazon-apigateway-policy"];
  const compression = root["x-amazon-apigateway-minimum-compression-size"];
  const binary = root["x-amazon-apigateway-binary-media-types"];
  const given: RestApi = {
    name: textOf(info.title),
    description: textOf(info.description),
    version: textOf(info.version),
    apiKeySource: textOf(root["x-amazon-apigateway-api-key-source"])?.toUpperCase() as RestApi["apiKeySource"],
    binaryMediaTypes: binary === undefined ? undefined : textsOf(binary),
    minimumCompressionSize: compression === undefined ? undefined : Number(compression),
    policy: policy === undefined ? undefined : normalizePolicy(JSON.stringify(policy), state.core, api.id),
    disableExecuteApiEndpoint: isJson(configuration) ? configuration.disableExecuteApiEndpoint === true : undefined,
  };
  const { settings } = api;
  const { endpointConfiguration } = settings;
  if (overwrite) {
    api.settings = {
      ...settings,
      ...given,
      name: given.name ?? settings.name,
      apiKeySource: given.apiKeySource ?? "HEADER",
      disableExecuteApiEndpoint: given.disableExecuteApiEndpoint ?? false,
      endpointConfiguration: { ...endpointConfiguration, vpcEndpointIds: undefined },
    };
  } else {
    const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const media = [...new Set([...(settings.binaryMediaTypes ?? []), ...(given.binaryMediaTypes ?? [])])];
    api.settings = { ...settings, ...known, binaryMediaTypes: media.length > 0 ? media : undefined };
  }
  if (isJson(configuration) && Array.isArray(configuration.vpcEndpointIds)) {
    api.settings.endpointConfiguration = {
      ...api.settings.endpointConfiguration,
      vpcEndpointIds: textsOf(configuration.vpcEndpointIds),
    };
  }
}

function importValidators(api: ApiRecord, definitions: unknown): Map<string, string> {
  const ids = new Map<string, string>();
  for (const { name = "", id = "" } of Object.values(api.requestValidators)) {
    ids.set(name, id);
  }
  for (const [name, definition] of mapsOf(definitions)) {
    const id = ids.get(name) ?? newApiGatewayId(6);
    ids.set(name, id);
    api.requestValidators[id] = {
      id,
      name,
      validateRequestBody: definition.validateRequestBody === true,
      validateRequestParameters: definition.validateRequestParameters === true,
    };
  }
  return ids;
}

function importGatewayResponses(api: ApiRecord, definitions: unknown): void {
  for (const [type, definition] of mapsOf(definitions)) {
    if (!isGatewayResponseType(type)) {
      throw badRequest(`Errors found during import:\n\tInvalid gateway response type specified: ${type}`);
    }
    api.gatewayResponses[type] = newGatewayResponse(type, {
      statusCode: textOf(definition.statusCode),
      responseParameters: textMapOf(definition.responseParameters),
      responseTemplates: textMapOf(definition.responseTemplates),
    });
  }
}

function importPath(context: MethodImportContext, api: ApiRecord, path: string, item: Json): void {
  const resource = resourceAt(api, path);
  for (const [key, operation] of mapsOf(item)) {
    const httpMethod = key === "x-amazon-apigateway-any-method" ? "ANY" : key.toUpperCase();
    if (!HTTP_METHODS.includes(httpMethod) || key === "any") {
      continue;
    }
    const place = { resourceId: resource.id, path: resource.path, httpMethod };
    const method = importMethod(context, place, operation, listOf(item.parameters));
    checkImported(method, place);
    resource.methods[httpMethod] = method;
  }
}

function checkImported(
  method: Parameters<typeof checkIntegration>[0],
  place: { path: string; httpMethod: string },
): void {
  if (method.methodIntegration === undefined) {
    return;
  }
  try {
    checkIntegration(method, method.methodIntegration);
  } catch (cause) {
    throw badRequest(
      `Errors found during import:\n\tUnable to put integration on '${place.httpMethod}' for resource at path '${place.path}': ${cause instanceof Error ? cause.message : cause}`,
    );
  }
}

/** The resource of a path, made with all that lead to it where they are missing. */
function resourceAt(api: ApiRecord, path: string): ResourceRecord {
  const parts = path.split("/").filter((part) => part !== "");
  let current = api.resources[api.rootResourceId];
  for (const part of parts) {
    const parent = current;
    if (parent === undefined) {
      break;
    }
    current =
      Object.values(api.resources).find((resource) => resource.parentId === parent.id && resource.pathPart === part) ??
      addImported(api, parent, part, path);
  }
  if (current === undefined) {
    throw new Error(`API ${api.id} has no root resource.`);
  }
  return current;
}

function addImported(api: ApiRecord, parent: ResourceRecord, part: string, path: string): ResourceRecord {
  try {
    return addResource(api, parent, part);
  } catch (cause) {
    throw badRequest(
      `Errors found during import:\n\tUnable to create resource at path '${path}': ${cause instanceof Error ? cause.message : cause}`,
    );
  }
}

function unknownExtensions(root: Json): string[] {
  return Object.keys(root)
    .filter((key) => key.startsWith("x-amazon-apigateway-") && !UNDERSTOOD.has(key) && !WITHOUT_EFFECT.has(key))
    .map((key) => `Extension ${key} is not supported and was left out`);
}
