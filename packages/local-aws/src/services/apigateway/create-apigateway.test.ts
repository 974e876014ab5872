import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  GetRestApiCommand,
  GetTagsCommand,
  ImportRestApiCommand,
  PutRestApiCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lambdaUri, type TestGateway, testGateway } from "../../gateway/test-gateway.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { allow } from "../../test/test-iam.ts";

describe("createApiGateway", () => {
  let test: TestGateway;
  beforeEach(() => {
    test = testGateway();
  });
  afterEach(() => test.dispose());

  describe("gateway responses, validators, authorizers, models", () => {
    let restApiId: string;
    beforeEach(async () => {
      restApiId = (await test.call("CreateRestApi", { name: "items" })).id ?? "";
    });

    it("has a gateway response for every type, and derives those that were not customised", async () => {
      await test.call("PutGatewayResponse", { restApiId, responseType: "DEFAULT_5XX", statusCode: "599" });
      const { items } = await test.call("GetGatewayResponses", { restApiId });
      expect(items).toHaveLength(21);
      expect(items?.find(({ responseType }) => responseType === "INTEGRATION_TIMEOUT")).toEqual({
        responseType: "INTEGRATION_TIMEOUT",
        statusCode: "599",
        responseParameters: {},
        responseTemplates: { "application/json": '{"message":$context.error.messageString}' },
        defaultResponse: true,
      });
      const update = (path: string, value?: string) =>
        test.call("UpdateGatewayResponse", {
          restApiId,
          responseType: "THROTTLED",
          patchOperations: [{ op: "replace", path, value }],
        });
      expect(await update("/statusCode", "503")).toMatchObject({ statusCode: "503", defaultResponse: false });
      await expect(update("/responseParameters/x", "y")).rejects.toThrow("Invalid parameter name specified");
      await expect(update("/wrong", "y")).rejects.toThrow("Invalid patch path /wrong");
      const remove = () => test.call("DeleteGatewayResponse", { restApiId, responseType: "THROTTLED" });
      await remove();
      await expect(remove()).rejects.toThrow("Gateway response type not defined on api");
    });

    it("keeps request validators", async () => {
      const validator = await test.call("CreateRequestValidator", { restApiId, name: "v", validateRequestBody: true });
      expect(validator).toMatchObject({ name: "v", validateRequestBody: true, validateRequestParameters: false });
      const update = (op: "replace" | "add", path: string, value: string) =>
        test.call("UpdateRequestValidator", {
          restApiId,
          requestValidatorId: validator.id,
          patchOperations: [{ op, path, value }],
        });
      expect(await update("replace", "/validateRequestParameters", "true")).toMatchObject({
        validateRequestParameters: true,
      });
      await expect(update("add", "/name", "x")).rejects.toThrow(
        "Invalid patch path  '/name' specified for op 'add'. Please choose supported operations",
      );
      await expect(update("replace", "/other", "x")).rejects.toThrow(
        "Must be one of: [/name, /validateRequestParameters, /validateRequestBody]",
      );
      await test.call("DeleteRequestValidator", { restApiId, requestValidatorId: validator.id });
      expect((await test.call("GetRequestValidators", { restApiId })).items).toEqual([]);
    });

    it("keeps authorizers, and refuses to delete one in use", async () => {
      const create = (settings: object) =>
        test.call("CreateAuthorizer", {
          restApiId,
          name: "a",
          type: "TOKEN",
          authorizerUri: lambdaUri("auth"),
          identitySource: "method.request.header.Authorization",
          ...settings,
        });
      const authorizer = await create({});
      expect(authorizer).toMatchObject({ name: "a", type: "TOKEN", authType: "custom" });
      await expect(create({})).rejects.toThrow("Authorizer name must be unique");
      await expect(create({ name: "b", type: "COGNITO_USER_POOLS" })).rejects.toThrow(
        "not supported by local AWS, which has no Cognito",
      );
      await expect(create({ name: "b", authorizerUri: "x" })).rejects.toThrow("Invalid Authorizer URI: x");
      const api = await test.call("GetRestApi", { restApiId });
      await test.call("PutMethod", {
        restApiId,
        resourceId: api.rootResourceId,
        httpMethod: "GET",
        authorizationType: "CUSTOM",
        authorizerId: authorizer.id,
      });
      await expect(test.call("DeleteAuthorizer", { restApiId, authorizerId: authorizer.id })).rejects.toThrow(
        "is referenced in method: //GET",
      );
    });

    it("keeps models, and refuses to delete one in use", async () => {
      const create = (name: string, schema = '{"type":"object"}') =>
        test.call("CreateModel", { restApiId, name, contentType: "application/json", schema });
      await create("Item");
      await expect(create("Item")).rejects.toThrow("Model name already exists for this REST API");
      await expect(create("a-b")).rejects.toThrow("Model name must be alphanumeric: a-b");
      await expect(create("Other", "")).rejects.toThrow(
        "Model schema must have at least 1 property or array items defined",
      );
      await expect(create("Other", "nope")).rejects.toThrow("Invalid model schema specified");
      await create("List", `{"items":{"$ref":"https://apigateway.amazonaws.com/restapis/${restApiId}/models/Item"}}`);
      await expect(test.call("DeleteModel", { restApiId, modelName: "Item" })).rejects.toThrow(
        "is referenced in model: List",
      );
      await test.call("DeleteModel", { restApiId, modelName: "List" });
      await test.call("DeleteModel", { restApiId, modelName: "Item" });
      await expect(test.call("GetModel", { restApiId, modelName: "Item" })).rejects.toThrow(
        "Invalid model name specified: Item",
      );
    });

    it("keeps the account's role for logs", async () => {
      const update = (value: string) =>
        test.call("UpdateAccount", { patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value }] });
      await expect(update("role")).rejects.toThrow("Not a valid Amazon Resource Name (ARN)");
      const role = "arn:aws:iam::000000000000:role/apigateway-other";
      const refused =
        "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.";
      await expect(update(role)).rejects.toThrow(refused);
      test.iam.grant(role, allow(["logs:CreateLogStream", "logs:PutLogEvents"]));
      await expect(update(role)).rejects.toThrow(refused);
      const untrusting = "arn:aws:iam::000000000000:role/others";
      test.iam.grant(untrusting, allow("logs:*"));
      await expect(update(untrusting)).rejects.toThrow(refused);
      test.iam.grant(role, allow("logs:*"));
      expect(await update(role)).toMatchObject({
        cloudwatchRoleArn: role,
        throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
      });
      expect(await update("")).not.toMatchObject({ cloudwatchRoleArn: role });
    });
  });

  describe("with the real client over HTTP", () => {
    let served: ServedServices;
    let client: APIGatewayClient;
    beforeEach(async () => {
      served = await serveServices(test.core, [test.service]);
      client = new APIGatewayClient({ ...served.client, maxAttempts: 1 });
    });
    afterEach(async () => {
      client.destroy();
      await served.close();
    });

    it("creates, imports, deploys, patches and tags", async () => {
      const api = await client.send(new CreateRestApiCommand({ name: "items", tags: { a: "1" } }));
      expect(api.createdDate).toBeInstanceOf(Date);
      await client.send(
        new CreateResourceCommand({ restApiId: api.id, parentId: api.rootResourceId, pathPart: "{proxy+}" }),
      );
      const document = {
        swagger: "2.0",
        info: { title: "items", version: "1" },
        basePath: "/v1",
        paths: { "/a": { get: { "x-amazon-apigateway-integration": { type: "aws_proxy", uri: lambdaUri("f") } } } },
      };
      await client.send(
        new PutRestApiCommand({
          restApiId: api.id,
          mode: "overwrite",
          parameters: { basepath: "prepend" },
          body: Buffer.from(JSON.stringify(document)),
        }),
      );
      const { id } = await client.send(new CreateDeploymentCommand({ restApiId: api.id, stageName: "prod" }));
      const stage = await client.send(
        new UpdateStageCommand({
          restApiId: api.id,
          stageName: "prod",
          patchOperations: [{ op: "replace", path: "/~1v1~1a/GET/throttling/rateLimit", value: "5" }],
        }),
      );
      expect(stage).toMatchObject({ deploymentId: id, methodSettings: { "~1v1~1a/GET": { throttlingRateLimit: 5 } } });
      expect((await test.send(api.id ?? "", "prod", "/v1/a")).status).toBe(200);

      const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${api.id}`;
      await client.send(new TagResourceCommand({ resourceArn, tags: { b: "2" } }));
      await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
      await client.send(new TagResourceCommand({ resourceArn: `${resourceArn}/stages/prod`, tags: { c: "3" } }));
      expect((await client.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ b: "2" });
      expect(test.tags.taggedResources()).toEqual([
        { arn: resourceArn, type: "apigateway:restapis", tags: { b: "2" } },
        { arn: `${resourceArn}/stages/prod`, type: "apigateway:stages", tags: { c: "3" } },
      ]);
      expect(await test.service.inventory?.()).toEqual([
        `AWS::ApiGateway::RestApi items (${api.id})`,
        `AWS::ApiGateway::Stage ${api.id}/prod`,
      ]);
    });

    it("answers errors in AWS's form", async () => {
      await expect(client.send(new GetRestApiCommand({ restApiId: "nothere" }))).rejects.toMatchObject({
        name: "NotFoundException",
        message: "Invalid API identifier specified 000000000000:nothere",
        $metadata: { httpStatusCode: 404 },
      });
      await expect(client.send(new ImportRestApiCommand({ body: Buffer.from("x: [") }))).rejects.toMatchObject({
        name: "BadRequestException",
      });
    });
  });
});
