import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  allowLogs,
  deployApi,
  lambdaUri,
  patchStage,
  type TestGateway,
  testGateway,
} from "../../gateway/test-gateway.ts";

type Patch = readonly [op: "add" | "remove" | "replace", path: string, value?: string];

/** Patch operations, as API Gateway takes them. */
function patches(...all: readonly Patch[]) {
  return all.map(([op, path, value]) => ({ op, path, ...(value === undefined ? {} : { value }) }));
}

let test: TestGateway;
let restApiId: string;

beforeEach(async () => {
  test = testGateway();
  restApiId = await deployApi(test);
});
afterEach(() => test.dispose());

describe("a stage's patches", () => {
  const stage = () => test.call("GetStage", { restApiId, stageName: "prod" });
  const patch = (...all: readonly Patch[]) =>
    test.call("UpdateStage", { restApiId, stageName: "prod", patchOperations: patches(...all) });

  it("set everything that a method can be set to", async () => {
    await allowLogs(test);
    await patchStage(test, restApiId, [
      ["/*/*/logging/loglevel", "ERROR"],
      ["/*/*/logging/dataTrace", "true"],
      ["/*/*/caching/enabled", "true"],
      ["/*/*/caching/ttlInSeconds", "60"],
      ["/*/*/caching/dataEncrypted", "true"],
      ["/*/*/caching/requireAuthorizationForCacheControl", "false"],
      ["/*/*/caching/unauthorizedCacheControlHeaderStrategy", "FAIL_WITH_403"],
    ]);

    expect((await stage()).methodSettings?.["*/*"]).toMatchObject({
      loggingLevel: "ERROR",
      dataTraceEnabled: true,
      cachingEnabled: true,
      cacheTtlInSeconds: 60,
      cacheDataEncrypted: true,
      requireAuthorizationForCacheControl: false,
      unauthorizedCacheControlHeaderStrategy: "FAIL_WITH_403",
    });
  });

  it("move it to another deployment, and take its description and access log away", async () => {
    await allowLogs(test);
    const { id } = await test.call("CreateDeployment", { restApiId });
    const destination = "arn:aws:logs:us-east-1:000000000000:log-group:items";
    await patch(
      ["replace", "/deploymentId", id],
      ["replace", "/description", "the second"],
      ["replace", "/accessLogSettings/destinationArn", destination],
      ["replace", "/accessLogSettings/format", "$context.requestId\n"],
      ["replace", "/cacheClusterEnabled", "false"],
      ["replace", "/cacheClusterSize", "0.5"],
      // What the Terraform provider sends for a stage that has none.
      ["replace", "/clientCertificateId", ""],
      ["replace", "/documentationVersion", ""],
    );
    expect(await stage()).toMatchObject({
      ...{ deploymentId: id, description: "the second", cacheClusterEnabled: false },
      accessLogSettings: { destinationArn: destination },
    });

    await patch(["remove", "/description"], ["remove", "/accessLogSettings"]);
    const { description, accessLogSettings } = await stage();
    expect({ description, accessLogSettings }).toEqual({ description: undefined, accessLogSettings: undefined });
  });

  it.each<[Patch, string]>([
    [["replace", "/deploymentId", "gone"], "Deployment id does not exist"],
    [["replace", "/cacheClusterEnabled", "true"], "cacheClusterEnabled is not supported by local AWS"],
    [["replace", "/clientCertificateId", "abc"], "clientCertificateId is not supported by local AWS"],
    [["replace", "/documentationVersion", "1"], "documentationVersion is not supported by local AWS"],
    [["replace", "/canarySettings/percentTraffic", "10"], "shift traffic with a Lambda alias"],
    [["replace", "/stageName", "other"], "Invalid method setting path: /stageName. Must be one of: [/deploymentId"],
    [["replace", "/*/*/caching/colour", "red"], "Invalid method setting path: /*/*/caching/colour"],
    [["replace", "/*/*/logging/loglevel", "ALL"], "Invalid logging level: ALL. Must be one of: [OFF, ERROR, INFO]"],
    [["replace", "/*/*/throttling/rateLimit", "-2"], "Invalid value -2 for method setting path"],
    [["replace", "/*/*/throttling/burstLimit", ""], "Invalid value  for method setting path"],
    [
      ["remove", "/accessLogSettings/format"],
      "Invalid patch path  '/accessLogSettings/format' specified for op 'remove'",
    ],
    [["copy" as "add", "/description", "x"], "Invalid patch path  '/description' specified for op 'copy'"],
  ])("%j is refused", async (operation, message) => {
    await expect(patch(operation)).rejects.toThrow(message);
  });

  it.each([
    [
      "arn:aws:firehose:us-east-1:000000000000:deliverystream/logs",
      "$context.requestId",
      "use the ARN of a CloudWatch log group",
    ],
    ["items", "$context.requestId", "Invalid ARN specified in the request"],
    ["", "$context.requestId\n$context.status", "Access Log format must be a single line"],
    ["", "$context.status", "must contain at least $context.requestId"],
  ])("an access log to '%s' as '%s' is refused", async (arn, format, message) => {
    await allowLogs(test);
    const destination = arn === "" ? "arn:aws:logs:us-east-1:000000000000:log-group:items" : arn;
    const settings: readonly Patch[] = [
      ["replace", "/accessLogSettings/destinationArn", destination],
      ["replace", "/accessLogSettings/format", format],
    ];
    await expect(patch(...settings)).rejects.toThrow(message);
  });
});

describe("patches of a method and its integration", () => {
  let place: { restApiId: string; resourceId: string; httpMethod: string };

  beforeEach(async () => {
    // An API of its own: one that was not imported has the models Empty and Error.
    const { id = "", rootResourceId = "" } = await test.call("CreateRestApi", { name: "patched" });
    place = { restApiId: id, resourceId: rootResourceId, httpMethod: "POST" };
    const requestParameters = { "method.request.querystring.q": false };
    await test.call("PutMethod", { ...place, authorizationType: "NONE", requestParameters });
    await test.call("PutIntegration", {
      ...{ ...place, type: "AWS", integrationHttpMethod: "POST", uri: lambdaUri("items") },
      requestTemplates: { "text/plain": "{}" },
    });
    await test.call("PutMethodResponse", { ...place, statusCode: "200", responseModels: { "text/plain": "Empty" } });
    await test.call("PutIntegrationResponse", { ...place, statusCode: "200" });
  });

  it("set an integration's members, each with what AWS makes of an empty text", async () => {
    const update = (...all: readonly Patch[]) =>
      test.call("UpdateIntegration", { ...place, patchOperations: patches(...all) });
    expect(
      await update(
        ["replace", "/httpMethod", "GET"],
        ["replace", "/credentials", "arn:aws:iam::000000000000:role/r"],
        ["replace", "/passthroughBehavior", "NEVER"],
        ["replace", "/contentHandling", "CONVERT_TO_TEXT"],
        ["replace", "/cacheNamespace", "shared"],
        ["remove", "/requestTemplates/text~1plain"],
        ["add", "/cacheKeyParameters/method.request.querystring.q", ""],
      ),
    ).toMatchObject({
      ...{ httpMethod: "GET", credentials: "arn:aws:iam::000000000000:role/r", passthroughBehavior: "NEVER" },
      ...{ contentHandling: "CONVERT_TO_TEXT", cacheNamespace: "shared", requestTemplates: undefined },
      cacheKeyParameters: ["method.request.querystring.q"],
    });

    expect(
      await update(
        ["replace", "/credentials", ""],
        ["replace", "/contentHandling", ""],
        ["remove", "/cacheKeyParameters/method.request.querystring.q"],
      ),
    ).toMatchObject({ credentials: undefined, contentHandling: undefined, cacheKeyParameters: [] });
    await expect(update(["replace", "/contentHandling", "AS_IS"])).rejects.toThrow(
      "Invalid content handling, must be CONVERT_TO_BINARY or CONVERT_TO_TEXT",
    );
    await expect(update(["replace", "/passthroughBehavior", "SOMETIMES"])).rejects.toThrow(
      "Invalid passthroughBehavior. Must be one of: [WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER]",
    );
    await expect(update(["replace", "/timeoutInMillis", "10"])).rejects.toThrow("Timeout should be between 50 ms");
  });

  it("set an integration response's, and a pattern has to be one", async () => {
    const update = (...all: readonly Patch[]) =>
      test.call("UpdateIntegrationResponse", { ...place, statusCode: "200", patchOperations: patches(...all) });
    expect(
      await update(
        ["replace", "/selectionPattern", ".*late.*"],
        ["replace", "/contentHandling", "CONVERT_TO_BINARY"],
        ["add", "/responseTemplates/application~1json", "{}"],
      ),
    ).toMatchObject({
      ...{ selectionPattern: ".*late.*", contentHandling: "CONVERT_TO_BINARY" },
      responseTemplates: { "application/json": "{}" },
    });
    await expect(update(["replace", "/selectionPattern", "("])).rejects.toThrow("Invalid selection pattern specified");
    await expect(test.call("GetIntegrationResponse", { ...place, statusCode: "404" })).rejects.toThrow(
      "Invalid Response status code specified",
    );
  });

  it("set a method response's models and headers, and its model has to be there", async () => {
    const update = (...all: readonly Patch[]) =>
      test.call("UpdateMethodResponse", { ...place, statusCode: "200", patchOperations: patches(...all) });
    expect(
      await update(
        ["add", "/responseParameters/method.response.header.etag", "true"],
        ["add", "/responseModels/application~1json", "Error"],
        ["remove", "/responseModels/text~1plain"],
      ),
    ).toEqual({
      statusCode: "200",
      responseParameters: { "method.response.header.etag": true },
      responseModels: { "application/json": "Error" },
    });
    await expect(update(["add", "/responseModels/text~1plain", "Nothing"])).rejects.toThrow(
      "Invalid model identifier specified: Nothing",
    );
    const odd = test.call("PutMethodResponse", { ...place, statusCode: "ok" });
    await expect(odd).rejects.toThrow("Invalid status code specified");
  });

  it("give a method scopes one by one, and a deleted method is not found", async () => {
    const update = (...all: readonly Patch[]) =>
      test.call("UpdateMethod", { ...place, patchOperations: patches(...all) });
    expect(
      await update(["add", "/authorizationScopes", "items:read"], ["add", "/authorizationScopes", "items:write"]),
    ).toMatchObject({ authorizationScopes: ["items:read", "items:write"] });
    await update(["remove", "/authorizationScopes", "items:read"]);
    expect(
      (await update(["remove", "/authorizationScopes", "items:write"])).authorizationScopes,
      "none left is none at all",
    ).toBeUndefined();
    await expect(update(["replace", "/authorizationType", "CUSTOM"])).rejects.toThrow(
      "Invalid authorizer ID specified",
    );
    await test.call("DeleteMethod", place);
    await expect(test.call("GetMethod", place)).rejects.toThrow("Invalid Method identifier specified");
  });
});

describe("patches of what an API is made of", () => {
  it("change an authorizer, within what its type allows", async () => {
    const authorizer = await test.call("CreateAuthorizer", {
      ...{ restApiId, name: "tokens", type: "TOKEN", authorizerUri: lambdaUri("auth") },
      identitySource: "method.request.header.Authorization",
    });
    const update = (...all: readonly Patch[]) =>
      test.call("UpdateAuthorizer", { restApiId, authorizerId: authorizer.id, patchOperations: patches(...all) });
    expect(
      await update(
        ["replace", "/name", "bearers"],
        ["replace", "/authorizerResultTtlInSeconds", "60"],
        ["replace", "/identityValidationExpression", "^Bearer .+$"],
        ["replace", "/authorizerUri", lambdaUri("other")],
      ),
    ).toMatchObject({
      ...{ name: "bearers", authorizerResultTtlInSeconds: 60, identityValidationExpression: "^Bearer .+$" },
      authorizerUri: lambdaUri("other"),
    });
    await expect(update(["replace", "/authorizerResultTtlInSeconds", "3601"])).rejects.toMatchObject({
      code: "BadRequestException",
    });
    await expect(update(["replace", "/colour", "red"])).rejects.toThrow("Must be one of: [");
    expect((await test.call("GetAuthorizers", { restApiId })).items).toMatchObject([{ name: "bearers" }]);
    await test.call("DeleteAuthorizer", { restApiId, authorizerId: authorizer.id });
    await expect(test.call("GetAuthorizer", { restApiId, authorizerId: authorizer.id })).rejects.toMatchObject({
      code: "NotFoundException",
    });
  });

  it("change a model's schema and description; one in use by a method stays", async () => {
    const model = { restApiId, modelName: "Item" };
    const contentType = "application/json";
    await test.call("CreateModel", { restApiId, name: "Item", contentType, schema: '{"type":"object"}' });
    const update = (...all: readonly Patch[]) =>
      test.call("UpdateModel", { ...model, patchOperations: patches(...all) });
    expect(
      await update(["replace", "/schema", '{"type":"string"}'], ["replace", "/description", "an item"]),
    ).toMatchObject({ schema: '{"type":"string"}', description: "an item" });
    await expect(update(["replace", "/schema", "[]"])).rejects.toThrow("A JSON object is expected");
    expect(await test.call("GetModel", model), "as it was before").toMatchObject({ schema: '{"type":"string"}' });

    const { rootResourceId: resourceId = "" } = await test.call("GetRestApi", { restApiId });
    const place = { restApiId, resourceId, httpMethod: "POST" };
    const requestModels = { "application/json": "Item" };
    await test.call("PutMethod", { ...place, authorizationType: "NONE", requestModels });
    await expect(test.call("DeleteModel", model)).rejects.toThrow("is referenced in method request: //POST");
    await test.call("UpdateMethod", {
      ...{ ...place, patchOperations: patches(["remove", "/requestModels/application~1json"]) },
    });
    await test.call("PutMethodResponse", { ...place, statusCode: "201", responseModels: requestModels });
    await expect(test.call("DeleteModel", model)).rejects.toThrow("is referenced in method response: //POST/201");
  });
});
