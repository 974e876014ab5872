import { PROBLEM_TYPE_PREFIX, PROBLEMS, type ProblemKind } from "../src/http/problem.ts";
import { examples, problemExample } from "./examples.ts";
import { type HeaderName, type OperationContract, operations } from "./operations.ts";
import * as schemas from "./schemas.ts";

type Json = Record<string, unknown>;

/** What every request can meet, whatever it asks for. */
const COMMON_PROBLEMS: readonly ProblemKind[] = [
  "malformed-request",
  "invalid-request",
  "not-acceptable",
  "internal-error",
  "temporarily-unavailable",
];

/** What the gateway itself answers: statuses that the function never gives (modules/api_gateway/gateway_responses.tf). */
const GATEWAY_PROBLEMS: Readonly<Record<number, { kind: string; title: string; description: string }>> = {
  401: {
    kind: "unauthorized",
    title: "Authentication is needed",
    description: "Nobody is asking, or with a token that is not valid. Only where the environment asks who is asking.",
  },
  403: { kind: "forbidden", title: "Not allowed", description: "Whoever is asking is not allowed to." },
  429: {
    kind: "too-many-requests",
    title: "Too many requests",
    description: "The API receives more requests than it takes. Try again after `Retry-After` seconds.",
  },
  502: { kind: "internal-error", title: "Internal error", description: "The function has failed." },
  504: {
    kind: "timeout",
    title: "The answer took too long",
    description: "The answer took too long. The request may have been carried out all the same.",
  },
};

/** Headers of problems. */
type ProblemHeader = "Accept" | "Accept-Patch" | "Retry-After";

const HEADERS: Readonly<Record<HeaderName | ProblemHeader, { description: string; schema: Json; example: string }>> = {
  ETag: {
    description: "The item's version, for `If-Match` and `If-None-Match`.",
    schema: { type: "string" },
    example: '"1"',
  },
  Location: {
    description: "Where the item is, relative to the request's URL.",
    schema: { type: "string" },
    example: "./items/0f8fad5b-d9cb-469f-a165-70867728950e",
  },
  "Idempotent-Replayed": {
    description: "`true` where an earlier try of the request has created the item.",
    schema: { type: "string", enum: ["true"] },
    example: "true",
  },
  "Cache-Control": {
    description: "How the answer may be kept.",
    schema: { type: "string" },
    example: "private, no-cache",
  },
  "Retry-After": { description: "Seconds to wait before the next try.", schema: { type: "string" }, example: "2" },
  Accept: {
    description: "The media types that the request's body may have.",
    schema: { type: "string" },
    example: "application/json",
  },
  "Accept-Patch": {
    description: "The media types that a patch may have (RFC 5789).",
    schema: { type: "string" },
    example: "application/merge-patch+json, application/json",
  },
};

/**
 * The contract of the API, for its clients: an OpenAPI 3.1 document.
 *
 * @see https://spec.openapis.org/oas/v3.1.0.html
 */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: operationObject(operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Items API",
      version: "1.0.0",
      description:
        "Items, one by one and in lists by status. Errors are problem details (RFC 9457). Changes name the version that they change (`If-Match`); creations can be repeated (`Idempotency-Key`).",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [
      {
        url: "https://{api}.execute-api.{region}.amazonaws.com/{stage}",
        description: "API Gateway's own address; `slipway` prints it.",
        variables: {
          api: { default: "api-id", description: "Id of the REST API." },
          region: { default: "us-east-1" },
          stage: { default: "prod", enum: ["dev", "staging", "prod"] },
        },
      },
    ],
    tags: [
      { name: "items", description: "Items and their lists." },
      { name: "health", description: "Whether the API works." },
    ],
    security: [],
    paths,
    components: {
      schemas: Object.fromEntries(
        [
          schemas.itemSchema,
          schemas.itemContentSchema,
          schemas.itemPatchSchema,
          schemas.itemPageSchema,
          schemas.problemSchema,
          schemas.healthSchema,
          schemas.deepHealthSchema,
        ].map((schema) => namedSchema(schema)),
      ),
      headers: HEADERS,
      securitySchemes: {
        jwt: {
          type: "oauth2",
          description: "A token of the environment's issuer, where the environment asks who is asking.",
          flows: {
            clientCredentials: {
              tokenUrl: "https://issuer.example.com/oauth2/token",
              scopes: { "items:read": "Read items and lists.", "items:write": "Create, change and delete items." },
            },
          },
        },
      },
    },
  };
}

function operationObject(operation: OperationContract): Json {
  const { operationId, tag, summary, description, scope, parameters, body, successes } = operation;
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    // The empty requirement stands for environments that ask nobody who they are.
    security: scope === undefined ? [{}] : [{ jwt: [scope] }, {}],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: Object.fromEntries(
              body.types.map((type) => [
                type,
                {
                  schema: { $ref: `#/components/schemas/${body.schema}` },
                  examples: Object.fromEntries(
                    Object.entries(body.examples).map(([name, value]) => [name.replaceAll(/[ ,]+/g, "-"), { value }]),
                  ),
                },
              ]),
            ),
          },
        }),
    responses: {
      ...Object.fromEntries(
        Object.entries(successes).map(([status, { description, schema, headers = [], example }]) => [
          status,
          {
            description,
            ...(headers.length === 0 ? {} : { headers: headerReferences(headers) }),
            ...(schema === undefined
              ? {}
              : {
                  content: {
                    "application/json": {
                      schema: { $ref: `#/components/schemas/${schema}` },
                      ...(example === undefined ? {} : { example: examples[example as keyof typeof examples] }),
                    },
                  },
                }),
          },
        ]),
      ),
      ...problemResponses(operation),
    },
  };
}

function problemResponses({ problems, scope, isSigned = false, method }: OperationContract): Json {
  const headersOf = (status: number): ProblemHeader[] => {
    if (status === 415) return [method === "PATCH" ? "Accept-Patch" : "Accept"];
    return status === 503 || status === 429 ? ["Retry-After"] : [];
  };
  const byStatus = Map.groupBy([...COMMON_PROBLEMS, ...problems], (kind) => PROBLEMS[kind].status as number);
  const own = [...byStatus].map(([status, kinds]): [number, Json] => {
    const titles = kinds.map((kind) => PROBLEMS[kind].title);
    const examplesByKind = kinds.map((kind) => problemExampleOf(kind, PROBLEMS[kind].title, status));
    return [status, problemResponse(`${titles.join("; ")}.`, Object.fromEntries(examplesByKind), headersOf(status))];
  });
  const gateways = Object.entries(GATEWAY_PROBLEMS)
    .filter(([status]) => scope !== undefined || (status !== "401" && (status !== "403" || isSigned)))
    .map(([status, { kind, title, description }]): [number, Json] => [
      Number(status),
      problemResponse(
        description,
        Object.fromEntries([problemExampleOf(kind, title, Number(status))]),
        headersOf(Number(status)),
      ),
    ]);
  return Object.fromEntries([...own, ...gateways].sort(([left], [right]) => left - right));
}

function problemExampleOf(kind: string, title: string, status: number): [string, Json] {
  return [kind, { value: problemExample(`${PROBLEM_TYPE_PREFIX}${kind}`, title, status) }];
}

function problemResponse(description: string, examplesByKind: Json, headers: readonly ProblemHeader[]): Json {
  return {
    description,
    ...(headers.length === 0 ? {} : { headers: headerReferences(headers) }),
    content: {
      "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" }, examples: examplesByKind },
    },
  };
}

function headerReferences(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function namedSchema(schema: object): [string, unknown] {
  const { $id, ...rest } = schema as { $id?: string };
  if ($id === undefined) throw new Error("A schema of the contract has no $id, which is its name.");
  return [$id, withReferences(rest)];
}

/** TypeBox refers to schemas by their ids, OpenAPI by their place in the document. */
function withReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === "$ref" && typeof member === "string" ? `#/components/schemas/${member}` : withReferences(member),
    ]),
  );
}
