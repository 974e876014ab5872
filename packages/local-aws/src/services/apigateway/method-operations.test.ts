import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lambdaUri, type TestGateway, testGateway } from "../../gateway/test-gateway.ts";

describe("methods and integrations", () => {
  let test: TestGateway;
  let place: { restApiId: string; resourceId: string; httpMethod: string };
  beforeEach(async () => {
    test = testGateway();
    const api = await test.call("CreateRestApi", { name: "items" });
    place = { restApiId: api.id ?? "", resourceId: api.rootResourceId ?? "", httpMethod: "POST" };
  });
  afterEach(() => test.dispose());

  const put = (settings: object = {}) => test.call("PutMethod", { ...place, authorizationType: "NONE", ...settings });
  const integrate = (settings: object = {}) =>
    test.call("PutIntegration", {
      ...place,
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      uri: lambdaUri("items"),
      ...settings,
    });

  it("puts a method and answers only what it has", async () => {
    expect(await put()).toEqual({ httpMethod: "POST", authorizationType: "NONE", apiKeyRequired: false });
    await expect(put()).rejects.toMatchObject({
      code: "ConflictException",
      message: "Method already exists for this resource",
    });
  });

  it.each([
    [
      { httpMethod: "TRACE" },
      "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY",
    ],
    [{ authorizationType: "CUSTOM" }, "Invalid authorizer ID specified. Setting the authorization type to CUSTOM"],
    [{ authorizationType: "MAGIC" }, "Invalid authorization type specified: MAGIC"],
    [{ requestValidatorId: "x" }, "Invalid Request Validator identifier specified"],
    [{ requestModels: { "application/json": "Pet" } }, "Invalid model identifier specified: Pet"],
    [
      { requestParameters: { "method.request.query.a": true } },
      "Invalid mapping expression specified: method.request.query.a",
    ],
    [
      { requestParameters: { "method.request.path.a": true, "method.request.header.a": true } },
      "Parameter names must be unique across querystring, header and path",
    ],
    [{ resourceId: "x" }, "Invalid Resource identifier specified"],
  ])("refuses %j", async (settings, message) => {
    await expect(put(settings)).rejects.toThrow(message);
  });

  it("patches a method as the Terraform provider does", async () => {
    await put({ requestParameters: { "method.request.header.a": true } });
    const method = await test.call("UpdateMethod", {
      ...place,
      patchOperations: [
        { op: "remove", path: "/requestParameters/method.request.header.a" },
        { op: "add", path: "/requestParameters/method.request.querystring.b", value: "true" },
        { op: "add", path: "/requestModels/application~1json", value: "Empty" },
        { op: "replace", path: "/apiKeyRequired", value: "true" },
        { op: "replace", path: "/operationName", value: "create" },
        { op: "replace", path: "/requestValidatorId", value: "" },
      ],
    });
    expect(method).toEqual({
      httpMethod: "POST",
      authorizationType: "NONE",
      apiKeyRequired: true,
      operationName: "create",
      requestParameters: { "method.request.querystring.b": true },
      requestModels: { "application/json": "Empty" },
    });
    await expect(
      test.call("UpdateMethod", { ...place, patchOperations: [{ op: "replace", path: "/httpMethod", value: "GET" }] }),
    ).rejects.toThrow("Invalid patch path /httpMethod");
  });

  it("fills an integration's defaults in", async () => {
    await put();
    expect(await integrate()).toEqual({
      type: "AWS_PROXY",
      httpMethod: "POST",
      uri: lambdaUri("items"),
      passthroughBehavior: "WHEN_NO_MATCH",
      timeoutInMillis: 29_000,
      cacheNamespace: place.resourceId,
      cacheKeyParameters: [],
    });
    expect((await test.call("GetMethod", place)).methodIntegration?.uri).toBe(lambdaUri("items"));
    await test.call("DeleteIntegration", place);
    await expect(test.call("GetIntegration", place)).rejects.toThrow("Invalid Integration identifier specified");
  });

  it.each([
    [{ integrationHttpMethod: undefined }, "Enumeration value for HttpMethod must be non-empty"],
    [{ uri: "items" }, "Invalid ARN specified in the request"],
    [
      { uri: "arn:aws:lambda:us-east-1:000000000000:function:f" },
      "AWS ARN for integration must contain path or action",
    ],
    [
      { uri: "arn:aws:apigateway:us-east-1:s3:path/b/k" },
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function",
    ],
    [{ type: "HTTP_PROXY", uri: "items" }, "Invalid HTTP endpoint specified for URI"],
    [{ timeoutInMillis: 30_000 }, "Timeout should be between 50 ms and 29000 ms"],
    [
      { requestParameters: { "integration.request.path.id": "method.request.path.id" } },
      "Invalid mapping expression parameter specified: method.request.path.id",
    ],
  ])("refuses an integration with %j", async (settings, message) => {
    await put();
    await expect(integrate(settings)).rejects.toThrow(message);
  });

  it("patches an integration", async () => {
    await put({ requestParameters: { "method.request.header.a": false } });
    await integrate();
    const patched = await test.call("UpdateIntegration", {
      ...place,
      patchOperations: [
        { op: "replace", path: "/timeoutInMillis", value: "5000" },
        { op: "add", path: "/requestParameters/integration.request.header.x", value: "method.request.header.a" },
        { op: "add", path: "/requestTemplates/application~1json", value: "{}" },
        { op: "add", path: "/cacheKeyParameters/method.request.header.a", value: "" },
        { op: "replace", path: "/uri", value: lambdaUri("other") },
      ],
    });
    expect(patched).toMatchObject({
      timeoutInMillis: 5000,
      requestParameters: { "integration.request.header.x": "method.request.header.a" },
      requestTemplates: { "application/json": "{}" },
      cacheKeyParameters: ["method.request.header.a"],
      uri: lambdaUri("other"),
    });
  });

  it("lets an integration response write only headers that the method response declares", async () => {
    await put();
    await integrate({ type: "MOCK", uri: undefined, integrationHttpMethod: undefined });
    const header = "method.response.header.Access-Control-Allow-Origin";
    const respond = () =>
      test.call("PutIntegrationResponse", { ...place, statusCode: "200", responseParameters: { [header]: "'*'" } });
    await expect(respond()).rejects.toThrow(`Invalid mapping expression parameter specified: ${header}`);
    const response = { ...place, statusCode: "200", responseParameters: { [header]: true } };
    await test.call("PutMethodResponse", response);
    await expect(test.call("PutMethodResponse", response)).rejects.toThrow("Response already exists for this resource");
    expect(await respond()).toEqual({ statusCode: "200", responseParameters: { [header]: "'*'" } });
    expect((await test.call("GetMethod", place)).methodIntegration?.integrationResponses).toHaveProperty("200");
    await test.call("DeleteIntegrationResponse", { ...place, statusCode: "200" });
    await test.call("DeleteMethodResponse", { ...place, statusCode: "200" });
    await expect(test.call("GetMethodResponse", { ...place, statusCode: "200" })).rejects.toThrow(
      "Invalid Response status code specified",
    );
  });
});
