import type { Method } from "@aws-sdk/client-api-gateway";
import { type Schema, Validator } from "@cfworker/json-schema";
import type { ApiRecord } from "../services/apigateway/api-state.ts";
import type { Exchange } from "./exchange.ts";
import { GatewayError } from "./gateway-error.ts";
import { bareMediaType } from "./media-types.ts";
import { UnsupportedApiError } from "./unsupported-api-error.ts";
import { validationErrorString } from "./validation-error-string.ts";

/** Checks a request; throws {@link GatewayError} `BAD_REQUEST_PARAMETERS` or `BAD_REQUEST_BODY`. */
export type ValidateRequest = (exchange: Exchange) => void;

/**
 * Compiles a method's request validator: required parameters are there and not blank, and the body fits the model of its content
 * type. A content type without a model is not validated; an empty body counts as an empty object.
 *
 * Source: Amazon API Gateway developer guide, "Request validation for REST APIs in API Gateway". Models are JSON Schema draft 4.
 *
 * @returns nothing for a method that is not validated
 * @throws UnsupportedApiError for a model that is not a JSON schema
 */
export function requestValidation(api: ApiRecord, method: Method, where: string): ValidateRequest | undefined {
  const validator = api.requestValidators[method.requestValidatorId ?? ""];
  if (validator === undefined) {
    return undefined;
  }
  const parameters = validator.validateRequestParameters === true ? requiredParameters(method) : [];
  const models = validator.validateRequestBody === true ? bodyModels(api, method, where) : new Map<string, Validator>();
  return (exchange) => {
    const missing = parameters.filter(({ read }) => (read(exchange) ?? "").trim() === "");
    if (missing.length > 0) {
      throw new GatewayError(
        "BAD_REQUEST_PARAMETERS",
        `Missing required request parameters: [${missing.map(({ name }) => name).join(", ")}]`,
      );
    }
    const type = bareMediaType(exchange.request.headers["content-type"]) || "application/json";
    const model = models.get(type) ?? models.get("$default");
    if (model !== undefined) {
      validateBody(exchange, model);
    }
  };
}

interface RequiredParameter {
  readonly name: string;
  readonly read: (exchange: Exchange) => string | undefined;
}

function requiredParameters(method: Method): RequiredParameter[] {
  return Object.entries(method.requestParameters ?? {})
    .filter(([, required]) => required)
    .map(([expression]) => expression)
    .sort()
    .flatMap((expression) => {
      const [, place, name = ""] =
        /^method\.request\.(?:multivalue)?(header|path|querystring)\.(.+)$/.exec(expression) ?? [];
      const lowerCase = name.toLowerCase();
      switch (place) {
        case "header":
          return [{ name, read: ({ request }: Exchange) => request.headers[lowerCase] }];
        case "path":
          return [{ name, read: ({ matched }: Exchange) => matched?.pathParameters[name] }];
        case "querystring":
          return [{ name, read: ({ request }: Exchange) => request.query.getAll(name).at(-1) }];
        default:
          return [];
      }
    });
}

function bodyModels(api: ApiRecord, method: Method, where: string): Map<string, Validator> {
  const models = new Map<string, Validator>();
  for (const [contentType, name] of Object.entries(method.requestModels ?? {})) {
    const schema = schemaOf(api, name, where);
    const validator = new Validator(schema, "4", false);
    for (const other of Object.keys(api.models)) {
      if (api.models[other]?.contentType?.includes("json") === true) {
        validator.addSchema(schemaOf(api, other, where), modelUrl(api.id, other));
      }
    }
    models.set(contentType === "$default" ? contentType : bareMediaType(contentType), validator);
  }
  return models;
}

/** How the schemas of an API's models refer to each other. */
export function modelUrl(apiId: string, name: string): string {
  return `https://apigateway.amazonaws.com/restapis/${apiId}/models/${name}`;
}

function schemaOf(api: ApiRecord, name: string, where: string): Schema {
  try {
    const schema: unknown = JSON.parse(api.models[name]?.schema ?? "");
    if (typeof schema === "object" && schema !== null) {
      return schema as Schema;
    }
  } catch {
    // Said below, with the model's name.
  }
  throw new UnsupportedApiError(`${where}: the schema of model ${name} is not a JSON object.`);
}

function validateBody({ request }: Exchange, model: Validator): void {
  let body: unknown;
  try {
    body = request.body.length === 0 ? {} : parseWellFormed(request.body);
  } catch {
    throw new GatewayError("BAD_REQUEST_BODY", "Invalid request body", {
      validation: "[Unable to parse the request body]",
    });
  }
  const { valid, errors } = model.validate(body);
  if (!valid) {
    throw new GatewayError("BAD_REQUEST_BODY", "Invalid request body", {
      validation: validationErrorString(errors, body),
    });
  }
}

/**
 * The body for its validation. Half of a surrogate pair, which JSON can name and no URI can have, stands as U+FFFD: the validator writes
 * members' names into pointers. Both halves together are a character like any other, however they are written.
 */
function parseWellFormed(bytes: Uint8Array): unknown {
  return wellFormed(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
}

function wellFormed(value: unknown): unknown {
  if (typeof value === "string") {
    return value.toWellFormed();
  }
  if (Array.isArray(value)) {
    return value.map(wellFormed);
  }
  return typeof value === "object" && value !== null
    ? // As entries: a member can be called __proto__.
      Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormed(member)]))
    : value;
}
