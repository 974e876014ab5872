import type { Integration, IntegrationResponse, Method, MethodResponse } from "@aws-sdk/client-api-gateway";
import { filled } from "./api-state.ts";
import type { ModelImport } from "./import-models.ts";
import type { SecurityImport } from "./import-security.ts";
import { newIntegration } from "./integration-operations.ts";
import {
  isJson,
  type Json,
  listOf,
  mapsOf,
  type OpenApiDocument,
  resolve,
  textMapOf,
  textOf,
  textsOf,
} from "./openapi-document.ts";

/** What the import of a method needs beside the operation. */
export interface MethodImportContext {
  readonly document: OpenApiDocument;
  readonly models: ModelImport;
  readonly security: SecurityImport;
  /** Ids of request validators by their names. */
  readonly validators: ReadonlyMap<string, string>;
  readonly warnings: string[];
}

/**
 * Makes a method out of an operation of a document.
 *
 * @param place - where it is: its resource's id and path, and its own name
 * @param shared - the path's own `parameters`
 */
export function importMethod(
  context: MethodImportContext,
  place: { readonly resourceId: string; readonly path: string; readonly httpMethod: string },
  operation: Json,
  shared: readonly Json[],
): Method {
  const { document, models, validators, warnings } = context;
  const parameters = mergedParameters(document, shared, listOf(operation.parameters));
  const validatorName =
    textOf(operation["x-amazon-apigateway-request-validator"]) ??
    textOf(document.root["x-amazon-apigateway-request-validator"]);
  const where = `${place.httpMethod} for resource ${place.path}`;
  if (validatorName !== undefined && !validators.has(validatorName)) {
    warnings.push(`Request validator '${validatorName}' of method ${where} is not defined`);
  }
  const method: Method = {
    httpMethod: place.httpMethod,
    ...context.security.of(operation),
    operationName: textOf(operation.operationId),
    requestParameters: filled(requestParameters(parameters, place.path)),
    requestModels: filled(requestModels(document, models, parameters, operation)),
    requestValidatorId: validatorName === undefined ? undefined : validators.get(validatorName),
    methodResponses: filled(methodResponses(context, operation, where)),
  };
  const definition = operation["x-amazon-apigateway-integration"];
  if (isJson(definition)) {
    method.methodIntegration = integrationFrom(resolve(document, definition), place, warnings);
  }
  return method;
}

/** An operation's parameters win over those of its path. */
function mergedParameters(document: OpenApiDocument, shared: readonly Json[], own: readonly Json[]): Json[] {
  const merged = new Map<string, Json>();
  for (const parameter of [...shared, ...own].map((entry) => resolve(document, entry))) {
    merged.set(`${textOf(parameter.in)} ${textOf(parameter.name)}`, parameter);
  }
  return [...merged.values()];
}

function requestParameters(parameters: readonly Json[], path: string): Record<string, boolean> {
  const places: Record<string, string> = { query: "querystring", header: "header", path: "path" };
  const declared: Record<string, boolean> = {};
  for (const parameter of parameters) {
    const place = places[textOf(parameter.in) ?? ""];
    if (place !== undefined) {
      declared[`method.request.${place}.${textOf(parameter.name)}`] = parameter.required === true;
    }
  }
  // API Gateway declares the path's own last parameter, whether the document does or not.
  const last = /\/\{([^/{}+]+)\}$/.exec(path)?.[1];
  if (last !== undefined) {
    declared[`method.request.path.${last}`] = true;
  }
  return declared;
}

function requestModels(
  document: OpenApiDocument,
  models: ModelImport,
  parameters: readonly Json[],
  operation: Json,
): Record<string, string> {
  if (document.version === "2.0") {
    const body = parameters.find((parameter) => parameter.in === "body");
    const name = models.nameFor(body?.schema);
    const types = textsOf(operation.consumes ?? document.root.consumes);
    return name === undefined
      ? {}
      : Object.fromEntries((types.length > 0 ? types : ["application/json"]).map((type) => [type, name]));
  }
  const { requestBody } = operation;
  return isJson(requestBody) ? modelsByContentType(models, resolve(document, requestBody).content) : {};
}

function modelsByContentType(models: ModelImport, content: unknown): Record<string, string> {
  return Object.fromEntries(
    mapsOf(content).flatMap(([type, { schema }]): [string, string][] => {
      const name = models.nameFor(schema);
      return name === undefined ? [] : [[type, name]];
    }),
  );
}

function methodResponses(
  { document, models, warnings }: MethodImportContext,
  operation: Json,
  where: string,
): Record<string, MethodResponse> {
  const responses: Record<string, MethodResponse> = {};
  for (const [statusCode, definition] of mapsOf(operation.responses)) {
    if (!/^[1-5]\d\d$/.test(statusCode)) {
      warnings.push(`Response '${statusCode}' of method ${where} is not a status code and was left out`);
      continue;
    }
    const response = resolve(document, definition);
    const swaggerModel = document.version === "2.0" ? models.nameFor(response.schema) : undefined;
    responses[statusCode] = {
      statusCode,
      responseParameters: filled(
        Object.fromEntries(mapsOf(response.headers).map(([name]) => [`method.response.header.${name}`, false])),
      ),
      responseModels: filled(
        document.version === "2.0"
          ? swaggerModel === undefined
            ? {}
            : { "application/json": swaggerModel }
          : modelsByContentType(models, response.content),
      ),
    };
  }
  return responses;
}

function integrationFrom(
  definition: Json,
  place: { readonly resourceId: string; readonly path: string; readonly httpMethod: string },
  warnings: string[],
): Integration {
  const type = (textOf(definition.type) ?? "").toUpperCase() as Integration["type"];
  const httpMethod = textOf(definition.httpMethod)?.toUpperCase();
  const timeout = definition.timeoutInMillis;
  const integration = newIntegration(
    {
      type,
      // Functions are only ever invoked with POST.
      httpMethod: type === "AWS_PROXY" ? "POST" : type === "MOCK" ? undefined : (httpMethod ?? place.httpMethod),
      uri: textOf(definition.uri),
      credentials: textOf(definition.credentials),
      connectionType: textOf(definition.connectionType) as Integration["connectionType"],
      connectionId: textOf(definition.connectionId),
      passthroughBehavior: textOf(definition.passthroughBehavior)?.toUpperCase(),
      contentHandling: textOf(definition.contentHandling) as Integration["contentHandling"],
      timeoutInMillis: timeout === undefined ? undefined : Number(timeout),
      cacheNamespace: textOf(definition.cacheNamespace),
      cacheKeyParameters: textsOf(definition.cacheKeyParameters),
      requestTemplates: textMapOf(definition.requestTemplates),
      requestParameters: requestMappings(definition.requestParameters, place, warnings),
      responseTransferMode: textOf(
        definition.responseTransferMode,
      )?.toUpperCase() as Integration["responseTransferMode"],
    },
    place.resourceId,
  );
  return { ...integration, integrationResponses: filled(integrationResponses(definition.responses)) };
}

function requestMappings(
  mappings: unknown,
  place: { readonly path: string; readonly httpMethod: string },
  warnings: string[],
): Record<string, string> | undefined {
  for (const [name, value] of isJson(mappings) ? Object.entries(mappings) : []) {
    if (typeof value !== "string") {
      warnings.push(
        `Invalid format for 'requestParameters'. Expected type string for property '${name}' of resource '${place.path}' and method '${place.httpMethod}' but got '${value}'`,
      );
    }
  }
  return textMapOf(mappings);
}

function integrationResponses(responses: unknown): Record<string, IntegrationResponse> {
  return Object.fromEntries(
    mapsOf(responses).map(([pattern, response]) => {
      const statusCode = textOf(response.statusCode) ?? "200";
      return [
        statusCode,
        {
          statusCode,
          selectionPattern: pattern === "default" ? undefined : pattern,
          responseParameters: filled(textMapOf(response.responseParameters)),
          responseTemplates: textMapOf(response.responseTemplates),
          contentHandling: textOf(response.contentHandling) as IntegrationResponse["contentHandling"],
        },
      ];
    }),
  );
}
