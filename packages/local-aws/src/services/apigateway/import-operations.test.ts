import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lambdaUri, type TestGateway, testGateway } from "../../gateway/test-gateway.ts";

const integration = { type: "aws_proxy", httpMethod: "POST", uri: lambdaUri("items") };

describe("importOperations", () => {
  let test: TestGateway;
  beforeEach(() => {
    test = testGateway();
  });
  afterEach(() => test.dispose());

  const body = (document: unknown) => Buffer.from(typeof document === "string" ? document : JSON.stringify(document));
  const methodAt = async (restApiId: string | undefined, path: string, httpMethod: string) => {
    const { items } = await test.call("GetResources", { restApiId });
    return test.call("GetMethod", { restApiId, resourceId: items?.find((item) => item.path === path)?.id, httpMethod });
  };

  it("imports OpenAPI 3.0", async () => {
    const api = await test.call("ImportRestApi", {
      body: body({
        openapi: "3.0.3",
        info: { title: "items", version: "2", description: "An API" },
        "x-amazon-apigateway-binary-media-types": ["image/png"],
        "x-amazon-apigateway-request-validators": {
          all: { validateRequestBody: true, validateRequestParameters: true },
        },
        "x-amazon-apigateway-request-validator": "all",
        "x-amazon-apigateway-gateway-responses": {
          DEFAULT_4XX: { responseParameters: { "gatewayresponse.header.X-A": "'a'" } },
        },
        components: {
          parameters: { Id: { name: "id", in: "path", required: true } },
          schemas: {
            Item: { type: "object", properties: { part: { $ref: "#/components/schemas/Part" } } },
            Part: { type: "string" },
          },
        },
        paths: {
          "/items/{id}": {
            parameters: [{ $ref: "#/components/parameters/Id" }],
            put: {
              operationId: "putItem",
              parameters: [{ name: "dry", in: "query" }],
              requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Item" } } } },
              responses: {
                200: { description: "ok", content: { "application/json": { schema: { type: "object" } } } },
                default: {},
              },
              "x-amazon-apigateway-integration": integration,
            },
          },
          "/{proxy+}": { "x-amazon-apigateway-any-method": { "x-amazon-apigateway-integration": integration } },
        },
      }),
    });
    expect(api).toMatchObject({ name: "items", version: "2", description: "An API", binaryMediaTypes: ["image/png"] });
    expect(api.warnings).toEqual([
      expect.stringContaining("Response 'default' of method PUT for resource /items/{id}"),
    ]);
    const { items: validators } = await test.call("GetRequestValidators", { restApiId: api.id });
    const method = await methodAt(api.id, "/items/{id}", "PUT");
    expect(method).toMatchObject({
      operationName: "putItem",
      requestParameters: { "method.request.path.id": true, "method.request.querystring.dry": false },
      requestModels: { "application/json": "Item" },
      requestValidatorId: validators?.[0]?.id,
      methodResponses: { 200: { responseModels: { "application/json": expect.stringMatching(/^MODEL[0-9a-f]{6}$/) } } },
      methodIntegration: { type: "AWS_PROXY", httpMethod: "POST", timeoutInMillis: 29_000 },
    });
    expect((await methodAt(api.id, "/{proxy+}", "ANY")).httpMethod).toBe("ANY");
    const model = await test.call("GetModel", { restApiId: api.id, modelName: "Item" });
    expect(model.schema).toContain(`https://apigateway.amazonaws.com/restapis/${api.id}/models/Part`);
    const models = await test.call("GetModels", { restApiId: api.id });
    expect(models.items?.map(({ name }) => name)).not.toContain("Empty");
  });

  it("imports Swagger 2.0 in YAML, with security and a base path", async () => {
    const api = await test.call(
      "ImportRestApi",
      {
        body: body(`
swagger: "2.0"
info: { title: items, version: 1.0 }
basePath: /v1/api
securityDefinitions:
  key: { type: apiKey, in: header, name: x-api-key }
  caller:
    type: apiKey
    in: header
    name: X-Token
    x-amazon-apigateway-authtype: custom
    x-amazon-apigateway-authorizer: { type: token, authorizerUri: "${lambdaUri("auth")}", authorizerResultTtlInSeconds: 60 }
security:
  - caller: []
definitions:
  Item: { type: object }
paths:
  /items:
    post:
      consumes: [application/json]
      security: [{ caller: [], key: [] }]
      parameters: [{ in: body, name: item, schema: { $ref: "#/definitions/Item" } }]
      responses: { "200": { description: ok, schema: { $ref: "#/definitions/Item" }, headers: { X-A: { type: string } } } }
      x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: "${lambdaUri("items")}" }
    get:
      security: []
      x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: "${lambdaUri("items")}" }
`),
      },
      { query: new URLSearchParams("mode=import&basepath=split&endpointConfigurationTypes=REGIONAL") },
    );
    expect(api).toMatchObject({ version: "1", endpointConfiguration: { types: ["REGIONAL"] } });
    const [authorizer] = (await test.call("GetAuthorizers", { restApiId: api.id })).items ?? [];
    expect(authorizer).toMatchObject({
      name: "caller",
      type: "TOKEN",
      identitySource: "method.request.header.X-Token",
      authorizerResultTtlInSeconds: 60,
    });
    expect(await methodAt(api.id, "/api/items", "POST")).toMatchObject({
      authorizationType: "CUSTOM",
      authorizerId: authorizer?.id,
      apiKeyRequired: true,
      requestModels: { "application/json": "Item" },
      methodResponses: {
        200: {
          responseModels: { "application/json": "Item" },
          responseParameters: { "method.response.header.X-A": false },
        },
      },
    });
    expect(await methodAt(api.id, "/api/items", "GET")).toMatchObject({
      authorizationType: "NONE",
      apiKeyRequired: false,
    });
  });

  const document = (path: string, extra: object = {}) => ({
    openapi: "3.0.1",
    info: { title: "second", version: "2" },
    ...extra,
    paths: { [path]: { get: { "x-amazon-apigateway-integration": integration } } },
  });

  it("overwrites everything but what the API is, or merges", async () => {
    const api = await test.call("CreateRestApi", {
      name: "first",
      description: "old",
      endpointConfiguration: { types: ["REGIONAL"] },
      tags: { a: "b" },
      binaryMediaTypes: ["image/png"],
    });
    const put = (mode: "overwrite" | "merge", path: string, extra?: object) =>
      test.call("PutRestApi", { restApiId: api.id, mode, body: body(document(path, extra)) });
    const paths = async () => (await test.call("GetResources", { restApiId: api.id })).items?.map(({ path }) => path);
    expect(await put("overwrite", "/a")).toMatchObject({
      id: api.id,
      rootResourceId: api.rootResourceId,
      name: "second",
      endpointConfiguration: { types: ["REGIONAL"] },
      tags: { a: "b" },
    });
    const overwritten = await test.call("GetRestApi", { restApiId: api.id });
    expect([overwritten.description, overwritten.binaryMediaTypes]).toEqual([undefined, undefined]);
    await put("merge", "/b", { "x-amazon-apigateway-binary-media-types": ["a/b"] });
    expect(await paths()).toEqual(["/", "/a", "/b"]);
    await put("merge", "/b", { "x-amazon-apigateway-binary-media-types": ["c/d"] });
    expect((await test.call("GetRestApi", { restApiId: api.id })).binaryMediaTypes).toEqual(["a/b", "c/d"]);
    await put("overwrite", "/c");
    expect(await paths()).toEqual(["/", "/c"]);
  });

  it("can take warnings for errors, and then changes nothing", async () => {
    const api = await test.call("CreateRestApi", { name: "first" });
    const odd = body(document("/a", { "x-amazon-apigateway-cors": {} }));
    const put = test.call("PutRestApi", { restApiId: api.id, mode: "overwrite", failOnWarnings: true, body: odd });
    await expect(put).rejects.toThrow(
      "Warnings found during import:\n\tExtension x-amazon-apigateway-cors is not supported",
    );
    expect((await test.call("GetRestApi", { restApiId: api.id })).name).toBe("first");
    const { warnings } = await test.call("PutRestApi", { restApiId: api.id, mode: "overwrite", body: odd });
    expect(warnings).toHaveLength(1);
  });

  it.each([
    ["what is no document", "just text", "Invalid OpenAPI input."],
    ["broken YAML", "a: [", "Invalid OpenAPI input."],
    ["OpenAPI 3.1", { openapi: "3.1.0", info: {}, paths: {} }, "must be OpenAPI 3.0.x or Swagger 2.0"],
    [
      "a broken reference",
      { openapi: "3.0.0", paths: { "/": { get: { parameters: [{ $ref: "#/components/x" }] } } } },
      "#/components/x leads nowhere",
    ],
    [
      "two path variables side by side",
      { openapi: "3.0.0", paths: { "/{a}": {}, "/{b}": {} } },
      "Unable to create resource at path '/{b}'",
    ],
    [
      "a model with an odd name",
      { openapi: "3.0.0", components: { schemas: { "a-b": {} } }, paths: {} },
      "Model name must be alphanumeric: a-b",
    ],
    [
      "a Cognito authorizer",
      {
        openapi: "3.0.0",
        paths: {},
        components: { securitySchemes: { c: { "x-amazon-apigateway-authorizer": { type: "cognito_user_pools" } } } },
      },
      "COGNITO_USER_POOLS are not supported by local AWS",
    ],
    [
      "an integration without a function",
      {
        openapi: "3.0.0",
        paths: { "/": { get: { "x-amazon-apigateway-integration": { type: "aws_proxy", uri: "x" } } } },
      },
      "Unable to put integration on 'GET' for resource at path '/': Invalid ARN specified in the request",
    ],
  ])("refuses %s", async (_what, input, message) => {
    await expect(test.call("ImportRestApi", { body: body(input) })).rejects.toThrow(message);
  });
});
