import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployApi, type TestGateway, testGateway } from "./test-gateway.ts";

const schemas = {
  Item: {
    type: "object",
    required: ["name"],
    additionalProperties: false,
    properties: {
      name: { type: "string", minLength: 1 },
      price: { type: "number", minimum: 0, exclusiveMinimum: true },
      kind: { type: "string", enum: ["a", "b"] },
      part: { $ref: "#/components/schemas/Part" },
    },
  },
  Part: {
    type: "object",
    required: ["id"],
    properties: { id: { type: "integer" }, sub: { $ref: "#/components/schemas/Part" } },
  },
};

describe("requestValidation", () => {
  let test: TestGateway;
  let api: string;
  beforeEach(async () => {
    test = testGateway();
    const body = { content: { "application/json": { schema: { $ref: "#/components/schemas/Item" } } } };
    api = await deployApi(test, {
      document: {
        "x-amazon-apigateway-request-validators": {
          all: { validateRequestBody: true, validateRequestParameters: true },
          none: { validateRequestBody: false, validateRequestParameters: false },
        },
        "x-amazon-apigateway-request-validator": "all",
        components: { schemas },
      },
      paths: {
        "/items/{id}": {
          post: {
            requestBody: body,
            parameters: [
              { name: "X-Tenant", in: "header", required: true },
              { name: "mode", in: "query", required: true },
              { name: "extra", in: "query", required: false },
              { name: "id", in: "path", required: true },
            ],
          },
          put: { requestBody: body },
          patch: { requestBody: body, "x-amazon-apigateway-request-validator": "none" },
        },
      },
    });
  });
  afterEach(() => test.dispose());

  const put = (body: unknown, contentType = "application/json", method = "PUT") =>
    test.send(api, "prod", "/items/1", {
      method,
      headers: [["Content-Type", contentType]],
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  const tellWhy = async () => {
    await test.call("PutGatewayResponse", {
      restApiId: api,
      responseType: "BAD_REQUEST_BODY",
      responseTemplates: { "application/json": '{"why":"$context.error.validationErrorString"}' },
    });
    await test.call("CreateDeployment", { restApiId: api, stageName: "prod" });
  };

  it("names the required parameters that are missing or blank", async () => {
    const send = (query: string, headers: [string, string][]) =>
      test.send(api, "prod", `/items/1${query}`, { method: "POST", headers, body: '{"name":"a"}' });
    expect(await send("", [])).toMatchObject({
      status: 400,
      text: '{"message":"Missing required request parameters: [X-Tenant, mode]"}',
      headers: { "x-amzn-ErrorType": "BadRequestException" },
    });
    expect((await send("?mode=", [["x-tenant", "t"]])).text).toBe(
      '{"message":"Missing required request parameters: [mode]"}',
    );
    expect((await send("?mode=x", [["x-tenant", "t"]])).status).toBe(200);
  });

  it.each([
    ["what is not JSON", "{"],
    ["a missing property", {}],
    ["nothing at all", ""],
    ["a property of the wrong type", { name: 1 }],
    ["a property too many", { name: "a", color: "red" }],
    ["a number at an exclusive minimum", { name: "a", price: 0 }],
    ["a property that does not fit the model it refers to", { name: "a", part: { id: 1, sub: { id: "x" } } }],
  ])("refuses a body with %s", async (_what, body) => {
    expect(await put(body)).toMatchObject({ status: 400, text: '{"message":"Invalid request body"}' });
    expect(test.invocations).toHaveLength(0);
  });

  it("lets a body through that fits", async () => {
    expect((await put({ name: "a", price: 1, part: { id: 1, sub: { id: 2 } } })).status).toBe(200);
  });

  it("validates only content types that have a model, and only where a validator says so", async () => {
    expect((await put("anything", "text/plain")).status).toBe(200);
    expect((await put({}, "application/json; charset=utf-8")).status).toBe(400);
    expect((await put({}, "application/json", "PATCH")).status).toBe(200);
  });

  it("refuses a name that is half of a surrogate pair like any other", async () => {
    const answer = await put('{"name":"a","\\ud800":1}');
    expect([answer.status, JSON.parse(answer.text)]).toEqual([400, { message: "Invalid request body" }]);
    expect((await put('{"name":"\\ud800"}')).status).toBe(200);
  });

  it.each([
    ["a pair of escapes", '{"name":"a","kind":"\\ud83d\\ude00"}', '"\ud83d\ude00"'],
    ["half of a pair", '{"name":"a","kind":"\\ud83d"}', '"\ufffd"'],
    ["an escaped backslash before what looks like one", '{"name":"a","kind":"\\\\ud83d"}', '"\\\\ud83d"'],
  ])("takes %s for what JSON says it is", async (_what, body, shown) => {
    await tellWhy();
    const { why } = JSON.parse((await put(body)).text);
    expect(why).toBe(`[instance value (${shown}) not found in enum (possible values: ["a","b"])]`);
  });

  it.each([
    ["{", "[Unable to parse the request body]"],
    [{}, '[object has missing required properties (["name"])]'],
    [
      { color: "red", size: 1 },
      '[object has missing required properties (["name"]), object instance has properties which are not allowed by the schema: ["color","size"]]',
    ],
    [{ name: 1 }, '[instance type (integer) does not match any allowed primitive type (allowed: ["string"])]'],
    [
      { name: null, price: "1" },
      '[instance type (null) does not match any allowed primitive type (allowed: ["string"]), instance type (string) does not match any allowed primitive type (allowed: ["number"])]',
    ],
    [{ name: "" }, '[string "" is too short (length: 0, required minimum: 1)]'],
    [{ name: "a", kind: 'b"c' }, '[instance value ("b\\"c") not found in enum (possible values: ["a","b"])]'],
    // A whole that is wrong hides its parts.
    [{ color: "red", name: 1 }, '[object instance has properties which are not allowed by the schema: ["color"]]'],
    [{ name: "a", part: { sub: { id: "x" } } }, '[object has missing required properties (["id"])]'],
    [
      { name: "a", part: { id: 1, sub: { id: 1.5 } } },
      '[instance type (number) does not match any allowed primitive type (allowed: ["integer"])]',
    ],
  ])("tells gateway responses what is wrong with %j, escaped for JSON", async (body, why) => {
    await tellWhy();
    expect(JSON.parse((await put(body)).text)).toEqual({ why });
  });
});
