import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  allowLogs,
  deployApi,
  lambdaUri,
  patchStage,
  type TestGateway,
  testGateway,
} from "../../gateway/test-gateway.ts";

describe("deployments and stages", () => {
  let test: TestGateway;
  let restApiId: string;
  beforeEach(async () => {
    test = testGateway();
    restApiId = await deployApi(test);
  });
  afterEach(() => test.dispose());

  const stage = () => test.call("GetStage", { restApiId, stageName: "prod" });

  it("creates a stage with AWS's defaults", async () => {
    expect(await stage()).toEqual({
      stageName: "prod",
      deploymentId: expect.stringMatching(/^[a-z0-9]{6}$/),
      cacheClusterEnabled: false,
      cacheClusterStatus: "NOT_AVAILABLE",
      methodSettings: {},
      tracingEnabled: false,
      createdDate: expect.any(Date),
      lastUpdatedDate: expect.any(Date),
    });
    const { deploymentId } = await stage();
    await expect(test.call("CreateStage", { restApiId, stageName: "prod", deploymentId })).rejects.toThrow(
      "Stage already exists",
    );
    await expect(test.call("CreateStage", { restApiId, stageName: "a b", deploymentId })).rejects.toThrow(
      "Stage name only allows",
    );
    await expect(test.call("CreateStage", { restApiId, stageName: "x", deploymentId: "y" })).rejects.toThrow(
      "Deployment id does not exist",
    );
  });

  it("refuses to deploy what is incomplete, or what it could not serve", async () => {
    const api = await test.call("CreateRestApi", { name: "new" });
    const deploy = () => test.call("CreateDeployment", { restApiId: api.id });
    await expect(deploy()).rejects.toThrow("The REST API doesn't contain any methods");
    const place = { restApiId: api.id, resourceId: api.rootResourceId, httpMethod: "GET" };
    await test.call("PutMethod", { ...place, authorizationType: "NONE" });
    await expect(deploy()).rejects.toThrow("No integration defined for method");
    const integrate = (settings: object) => test.call("PutIntegration", { ...place, ...settings } as never);
    await integrate({ type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: "https://example.com" });
    await expect(deploy()).rejects.toThrow(
      "integrations of type HTTP_PROXY to https://example.com are not supported by local AWS",
    );
    await integrate({
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      uri: lambdaUri("f"),
      credentials: "arn:aws:iam::000000000000:role/x",
    });
    await expect(deploy()).rejects.toThrow("credentials of integrations are not supported by local AWS");
  });

  it("keeps deployments that a stage points to", async () => {
    const { deploymentId } = await stage();
    await expect(test.call("DeleteDeployment", { restApiId, deploymentId })).rejects.toThrow(
      "Active stages pointing to this deployment must be moved or deleted",
    );
    const next = await test.call("CreateDeployment", { restApiId, description: "two", stageName: "prod" });
    expect((await stage()).deploymentId).toBe(next.id);
    await test.call("DeleteDeployment", { restApiId, deploymentId });
    expect((await test.call("GetDeployments", { restApiId })).items).toEqual([
      { id: next.id, description: "two", createdDate: expect.any(Date) },
    ]);
    const withSummary = await test.call("GetDeployment", { restApiId, deploymentId: next.id, embed: ["apisummary"] });
    expect(withSummary.apiSummary).toEqual({
      "/{proxy+}": { ANY: { authorizationType: "NONE", apiKeyRequired: false } },
    });
  });

  it("keeps method settings under the paths that they were sent for; a method's own start from those of all", async () => {
    await patchStage(test, restApiId, [
      ["/*/*/throttling/burstLimit", "123"],
      ["/items/{id}/GET/throttling/rateLimit", "-1.000000"],
      ["/*/*/metrics/enabled", "true"],
    ]);
    const defaults = {
      cacheDataEncrypted: false,
      cacheTtlInSeconds: 300,
      cachingEnabled: false,
      dataTraceEnabled: false,
      metricsEnabled: false,
      requireAuthorizationForCacheControl: true,
      throttlingBurstLimit: 123,
      throttlingRateLimit: 10_000,
      unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
    };
    expect((await stage()).methodSettings).toEqual({
      "*/*": { ...defaults, metricsEnabled: true },
      "items/{id}/GET": { ...defaults, throttlingRateLimit: -1 },
    });
    const remove = () =>
      test.call("UpdateStage", { restApiId, stageName: "prod", patchOperations: [{ op: "remove", path: "/*/*" }] });
    await remove();
    await expect(remove()).rejects.toThrow(
      "Cannot remove method setting */* because there is no method setting for this method",
    );
  });

  it("turns logs on only where the account has a role for them", async () => {
    const settings: [string, string][] = [
      ["/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:000000000000:log-group:items:*"],
      ["/accessLogSettings/format", "$context.requestId"],
    ];
    const noRole = "CloudWatch Logs role ARN must be set in account settings to enable logging";
    await expect(patchStage(test, restApiId, settings)).rejects.toThrow(noRole);
    await expect(patchStage(test, restApiId, [["/*/*/logging/loglevel", "INFO"]])).rejects.toThrow(noRole);
    await patchStage(test, restApiId, [["/*/*/logging/loglevel", "OFF"]]);
    await allowLogs(test);
    await patchStage(test, restApiId, settings);
    expect((await stage()).accessLogSettings).toEqual({
      destinationArn: "arn:aws:logs:us-east-1:000000000000:log-group:items",
      format: "$context.requestId",
    });
    await expect(patchStage(test, restApiId, [["/accessLogSettings/format", "$context.status"]])).rejects.toThrow(
      "must contain at least $context.requestId or $context.extendedRequestId",
    );
    await expect(
      patchStage(test, restApiId, [["/accessLogSettings/format", "$context.requestId\n$context.path"]]),
    ).rejects.toThrow("single line");
    await test.call("UpdateStage", {
      restApiId,
      stageName: "prod",
      patchOperations: [{ op: "remove", path: "/accessLogSettings" }],
    });
    expect((await stage()).accessLogSettings).toBeUndefined();
  });

  it("changes variables, description and tracing", async () => {
    await patchStage(test, restApiId, [
      ["/variables/a", "1"],
      ["/variables/b", "2"],
      ["/description", "live"],
      ["/tracingEnabled", "true"],
    ]);
    await test.call("UpdateStage", {
      restApiId,
      stageName: "prod",
      patchOperations: [{ op: "remove", path: "/variables/b" }],
    });
    expect(await stage()).toMatchObject({ variables: { a: "1" }, description: "live", tracingEnabled: true });
    await expect(patchStage(test, restApiId, [["/variables/a", "<1>"]])).rejects.toThrow(
      "Stage variable value <1> is invalid",
    );
  });

  it.each([
    ["/canarySettings/percentTraffic", "10", "canarySettings are not supported by local AWS"],
    ["/cacheClusterEnabled", "true", "cacheClusterEnabled is not supported by local AWS"],
    ["/clientCertificateId", "x", "clientCertificateId is not supported by local AWS"],
    ["/tags/a", "b", "Invalid method setting path: /tags/a. Must be one of: [/deploymentId,"],
    ["/deploymentId", "nothere", "Deployment id does not exist"],
  ])("refuses %s", async (path, value, message) => {
    await expect(patchStage(test, restApiId, [[path, value]])).rejects.toThrow(message);
  });

  it("deletes a stage", async () => {
    await test.call("DeleteStage", { restApiId, stageName: "prod" });
    await expect(stage()).rejects.toMatchObject({
      code: "NotFoundException",
      message: "Invalid stage identifier specified",
    });
    expect(await test.call("GetStages", { restApiId })).toEqual({ item: [] });
  });
});
