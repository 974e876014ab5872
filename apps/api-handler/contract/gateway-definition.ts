import { type OperationContract, operations } from "./operations.ts";
import { itemContentSchema, itemPatchSchema } from "./schemas.ts";

type Json = Record<string, unknown>;

/** Every method that the path does not list. */
const ANY_METHOD = "x-amazon-apigateway-any-method";

/**
 * The API as API Gateway is told of it: what an import of OpenAPI 3.0 takes, and no more of the bodies' schemas than the gateway is to
 * check. It cannot name a field in its answer, so it refuses what no program should ever send (no object, a member of the wrong type, an
 * unknown or a missing one), and leaves to the function what a person may have typed: lengths, patterns, choices, times.
 *
 * Methods that a path does not have reach the function too, which answers 405 with those that it has; the gateway alone would say that the
 * path is not there. A method that is listed wins over ANY, whose empty `security` therefore opens nothing.
 *
 * Terraform adds what depends on the environment: integration, validators, authorizer, gateway responses (modules/api_gateway).
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html (what an import does not take)
 */
export function gatewayDefinition(): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: operationObject(operation) };
  }
  for (const [path, item] of Object.entries(paths)) {
    const those = operations.filter((operation) => operation.path === path);
    const parameters = parametersOf(those.flatMap((operation) => operation.parameters));
    item.options = {
      operationId: `preflight${path.replaceAll(/[^a-z]+(.)?/gi, (_, letter: string | undefined) => letter?.toUpperCase() ?? "")}`,
      ...parameters,
      responses: { 204: { description: "Which methods and headers a browser may use." } },
    };
    item[ANY_METHOD] = {
      operationId: those.find(({ method }) => method === "GET")?.operationId.replace(/^[a-z]+/, "any"),
      security: [],
      ...parameters,
      responses: { 405: { description: "The path has other methods, which Allow names." } },
    };
  }
  return {
    openapi: "3.0.1",
    info: { title: "Items API", version: "1.0.0" },
    paths,
    components: {
      schemas: { ItemContent: shapeOf(itemContentSchema), ItemPatch: shapeOf(itemPatchSchema) },
    },
  };
}

function operationObject({ operationId, scope, parameters, body, successes }: OperationContract): Json {
  return {
    operationId,
    ...(scope === undefined ? {} : { security: [{ jwt: [] }] }),
    ...parametersOf(parameters),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: Object.fromEntries(
              body.types.map((type) => [type, { schema: { $ref: `#/components/schemas/${body.schema}` } }]),
            ),
          },
        }),
    responses: Object.fromEntries(
      Object.entries(successes).map(([status, { description }]) => [status, { description }]),
    ),
  };
}

/** The path's own parameters only: a missing header is the function's to answer, which knows the better status (428). */
function parametersOf(parameters: OperationContract["parameters"]): Json {
  const names = new Set(parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name));
  return names.size === 0
    ? {}
    : { parameters: [...names].map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })) };
}

/** Types, required and unknown members; the members of `attributes` have names of the client's own. */
function shapeOf(schema: { description?: string; required?: readonly string[]; properties: object }): Json {
  return {
    type: "object",
    ...(schema.required === undefined ? {} : { required: schema.required }),
    additionalProperties: false,
    properties: Object.fromEntries(
      Object.entries(schema.properties as Record<string, { type?: string | readonly string[] }>).map(
        ([name, { type }]) => [name, typeof type === "string" ? { type } : {}],
      ),
    ),
  };
}
