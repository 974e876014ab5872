import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AwsError } from "../core/aws-error.ts";
import {
  allowLogs,
  deployApi,
  functionArn,
  lambdaUri,
  patchStage,
  type TestGateway,
  testGateway,
} from "./test-gateway.ts";

describe("createGateway", () => {
  let test: TestGateway;
  beforeEach(() => {
    test = testGateway();
  });
  afterEach(() => test.dispose());

  it("answers with what the function answered, and with its own headers", async () => {
    const api = await deployApi(test);
    test.handlers.default = () => ({ statusCode: 201, headers: { Location: "/items/1" }, body: '{"id":"1"}' });
    const response = await test.send(api, "prod", "/items", { method: "POST" });
    expect(response).toMatchObject({
      status: 201,
      text: '{"id":"1"}',
      headers: {
        "Content-Type": "application/json",
        Location: "/items/1",
        "x-amzn-RequestId": expect.stringMatching(/^[0-9a-f-]{36}$/),
        "x-amz-apigw-id": expect.any(String),
        "X-Amzn-Trace-Id": expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/),
      },
    });
  });

  it("invokes as API Gateway, for the method as it is declared", async () => {
    const api = await deployApi(test, {
      paths: {
        "/items/{id}": {
          get: { "x-amazon-apigateway-integration": { type: "aws_proxy", uri: lambdaUri("items:live") } },
        },
      },
    });
    await test.send(api, "prod", "/items/7");
    expect(test.invocations[0]).toMatchObject({
      functionName: functionArn("items:live"),
      source: {
        service: "apigateway.amazonaws.com",
        arn: `arn:aws:execute-api:us-east-1:000000000000:${api}/prod/GET/items/{id}`,
      },
      traceId: expect.stringMatching(/^Root=1-/),
    });
  });

  it("fills stage variables into the function's name", async () => {
    const paths = {
      "/": {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: API Gateway's own syntax for stage variables and Velocity references
        get: { "x-amazon-apigateway-integration": { type: "aws_proxy", uri: lambdaUri("${stageVariables.fn}") } },
      },
    };
    const api = await deployApi(test, { paths, variables: { fn: "orders" } });
    await test.send(api, "prod", "/");
    expect(test.invocations[0]?.functionName).toBe(functionArn("orders"));
    const without = await deployApi(test, { paths });
    expect((await test.send(without, "prod", "/")).status).toBe(500);
    expect(test.invocations).toHaveLength(1);
  });

  it("remaps headers that belong to the connection", async () => {
    const api = await deployApi(test);
    test.handlers.default = () => ({
      headers: {
        Connection: "close",
        "Content-Length": "3",
        Date: "x",
        "WWW-Authenticate": "Basic",
        "Transfer-Encoding": "chunked",
      },
      multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] },
    });
    const { headers } = await test.send(api, "prod", "/x");
    expect(headers).toMatchObject({
      "x-amzn-Remapped-Connection": "close",
      "x-amzn-Remapped-Content-Length": "3",
      "x-amzn-Remapped-Date": "x",
      "x-amzn-Remapped-WWW-Authenticate": "Basic",
      "Set-Cookie": ["a=1", "b=2"],
    });
    expect(Object.keys(headers)).not.toContain("Transfer-Encoding");
    expect(Object.keys(headers)).not.toContain("Connection");
  });

  it("decodes Base64 bodies only where the caller accepts a binary media type", async () => {
    const api = await deployApi(test, { document: { "x-amazon-apigateway-binary-media-types": ["image/png"] } });
    test.handlers.default = () => ({ body: "/wD+", isBase64Encoded: true });
    const binary = await test.send(api, "prod", "/x", { headers: [["Accept", "image/png, */*"]] });
    expect([...binary.bytes]).toEqual([0xff, 0x00, 0xfe]);
    expect((await test.send(api, "prod", "/x", { headers: [["Accept", "*/*"]] })).text).toBe("/wD+");
  });

  it.each([
    ["an answer of the wrong form", () => ({ message: "hi" }), 502],
    [
      "a function that fails",
      () => {
        throw new Error("boom");
      },
      502,
    ],
    [
      "a missing permission",
      () => {
        throw new AwsError("AccessDeniedException", "no");
      },
      500,
    ],
    [
      "a missing function",
      () => {
        throw new AwsError("ResourceNotFoundException", "no");
      },
      500,
    ],
    [
      "a throttled function",
      () => {
        throw new AwsError("TooManyRequestsException", "Rate Exceeded.");
      },
      500,
    ],
  ])("turns %s into an internal server error", async (_what, handler, status) => {
    const api = await deployApi(test);
    test.handlers.default = handler;
    expect(await test.send(api, "prod", "/x")).toMatchObject({
      status,
      text: '{"message":"Internal server error"}',
      headers: { "x-amzn-ErrorType": "InternalServerErrorException" },
    });
  });

  it("turns an answer that comes too late into a 504", async () => {
    const integration = { type: "aws_proxy", uri: lambdaUri("items"), timeoutInMillis: 50 };
    const api = await deployApi(test, { paths: { "/": { get: { "x-amazon-apigateway-integration": integration } } } });
    let release = () => {};
    test.handlers.default = () =>
      new Promise<void>((resolve) => {
        release = resolve;
      });
    expect(await test.send(api, "prod", "/")).toMatchObject({
      status: 504,
      text: '{"message":"Endpoint request timed out"}',
    });
    release();
  });

  it("refuses bodies over 10 MB, and events over Lambda's 6 MB", async () => {
    const api = await deployApi(test);
    const send = (size: number) => test.send(api, "prod", "/x", { method: "POST", body: Buffer.alloc(size, "a") });
    expect(await send(10 * 1024 * 1024 + 1)).toMatchObject({
      status: 413,
      text: '{"message":"HTTP content length exceeded 10485760 bytes."}',
    });
    expect(await send(7 * 1024 * 1024)).toMatchObject({ status: 413, text: '{"message":"Request Too Long"}' });
    expect(test.invocations).toHaveLength(0);
  });

  it("answers unknown paths and methods with a missing token, unknown stages and APIs with forbidden", async () => {
    const api = await deployApi(test, { paths: { "/items": { get: {} } } });
    const missing = {
      status: 403,
      text: '{"message":"Missing Authentication Token"}',
      headers: { "x-amzn-ErrorType": "MissingAuthenticationTokenException" },
    };
    expect(await test.send(api, "prod", "/nothing")).toMatchObject(missing);
    expect(await test.send(api, "prod", "/items", { method: "POST" })).toMatchObject(missing);
    const forbidden = { status: 403, text: '{"message":"Forbidden"}' };
    expect(await test.send(api, "other", "/items")).toMatchObject(forbidden);
    expect(await test.send("nosuchapi", "prod", "/items")).toMatchObject(forbidden);
  });

  it("serves the deployment, not the API that is being edited", async () => {
    const api = await deployApi(test);
    const { rootResourceId } = await test.call("GetRestApi", { restApiId: api });
    const { items } = await test.call("GetResources", { restApiId: api });
    const proxy = items?.find(({ path }) => path === "/{proxy+}");
    await test.call("DeleteResource", { restApiId: api, resourceId: proxy?.id });
    expect((await test.send(api, "prod", "/x")).status).toBe(200);
    await test.call("PutMethod", {
      restApiId: api,
      resourceId: rootResourceId,
      httpMethod: "GET",
      authorizationType: "NONE",
    });
    await test.call("PutIntegration", {
      restApiId: api,
      resourceId: rootResourceId,
      httpMethod: "GET",
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      uri: lambdaUri("items"),
    });
    await test.call("CreateDeployment", { restApiId: api, stageName: "prod" });
    expect((await test.send(api, "prod", "/x")).status).toBe(403);
    expect((await test.send(api, "prod", "/")).status).toBe(200);
  });

  it("throttles a method by the stage's settings, on the clock of local AWS", async () => {
    const api = await deployApi(test, { paths: { "/a": { get: {} }, "/b": { get: {} } } });
    await patchStage(test, api, [
      ["/*/*/throttling/rateLimit", "1"],
      ["/*/*/throttling/burstLimit", "2"],
      ["/~1b/GET/throttling/burstLimit", "0"],
    ]);
    const statuses = async (path: string, count: number) =>
      Promise.all(Array.from({ length: count }, async () => (await test.send(api, "prod", path)).status));
    expect(await statuses("/a", 3)).toEqual([200, 200, 429]);
    expect(await test.send(api, "prod", "/b")).toMatchObject({
      status: 429,
      text: '{"message":"Too Many Requests"}',
      headers: { "x-amzn-ErrorType": "TooManyRequestsException" },
    });
    await test.core.clock.advance(1000);
    expect(await statuses("/a", 2)).toEqual([200, 429]);
  });

  it("judges the API's resource policy", async () => {
    const policy = (Condition: unknown) => ({
      "x-amazon-apigateway-policy": {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*", Condition },
        ],
      },
    });
    const open = await deployApi(test, { document: policy({ IpAddress: { "aws:SourceIp": "127.0.0.0/8" } }) });
    expect((await test.send(open, "prod", "/x")).status).toBe(200);
    const closed = await deployApi(test, { document: policy({ IpAddress: { "aws:SourceIp": "192.0.2.0/24" } }) });
    expect(await test.send(closed, "prod", "/x")).toMatchObject({
      status: 403,
      text: `{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********0000:${closed}/prod/GET/x"}`,
    });
  });

  it("takes and gives compressed bodies where the API has compression on", async () => {
    const api = await deployApi(test, { document: { "x-amazon-apigateway-minimum-compression-size": 10 } });
    test.handlers.default = (event) => ({ body: `you said ${event.body}` });
    const response = await test.send(api, "prod", "/x", {
      method: "POST",
      headers: [
        ["Content-Encoding", "gzip"],
        ["Accept-Encoding", "gzip;q=1, br"],
      ],
      body: gzipSync("a good deal of text"),
    });
    expect(response.headers["Content-Encoding"]).toBe("gzip");
    expect(gunzipSync(response.bytes).toString()).toBe("you said a good deal of text");
    expect(test.lastEvent().headers).not.toHaveProperty("Content-Encoding");
  });

  it("records metrics per API and stage, per method only with detailed metrics", async () => {
    const api = await deployApi(test, { paths: { "/items/{id}": { get: {} } } });
    test.handlers.default = () => ({ statusCode: 404 });
    await test.send(api, "prod", "/items/7");
    const told = () =>
      test.metrics
        .splice(0)
        .map(({ name, value, dimensions, namespace }) => [namespace, name, Object.keys(dimensions).join(), value]);
    const values = told();
    for (const keys of ["ApiName", "ApiName,Stage"]) {
      expect(values).toContainEqual(["AWS/ApiGateway", "Count", keys, 1]);
      expect(values).toContainEqual(["AWS/ApiGateway", "4XXError", keys, 1]);
      expect(values).toContainEqual(["AWS/ApiGateway", "5XXError", keys, 0]);
      expect(values).toContainEqual(["AWS/ApiGateway", "Latency", keys, expect.any(Number)]);
      expect(values).toContainEqual(["AWS/ApiGateway", "IntegrationLatency", keys, expect.any(Number)]);
    }
    expect(values).toHaveLength(10);
    await patchStage(test, api, [["/*/*/metrics/enabled", "true"]]);
    await test.send(api, "prod", "/items/7");
    expect(test.metrics.map(({ dimensions }) => dimensions)).toContainEqual({
      ApiName: "items-api",
      Stage: "prod",
      Resource: "/items/{id}",
      Method: "GET",
    });
    await test.send(api, "prod", "/nothing");
    expect(test.metrics.at(-1)?.name).toBe("Latency");
  });

  it.each([
    ["items-böxes ✓", "items-bxes"],
    ["✓✓", "the id"],
  ])("calls the API %s %s in metrics: CloudWatch takes ASCII only", async (name, expected) => {
    const api = await deployApi(test, {
      document: { info: { title: name, version: "1" } },
      paths: { "/items": { get: {} } },
    });
    await test.send(api, "prod", "/items");
    expect(test.metrics[0]?.dimensions).toEqual({ ApiName: expected === "the id" ? api : expected });
  });

  it("writes the execution log where the method's settings say so", async () => {
    const api = await deployApi(test);
    await allowLogs(test);
    await patchStage(test, api, [["/*/*/logging/loglevel", "ERROR"]]);
    await test.send(api, "prod", "/fine");
    expect(test.logLines).toEqual([]);
    test.handlers.default = () => "not an answer";
    await test.send(api, "prod", "/x");
    expect(test.logLines.map(({ message }) => message.replace(/^\([0-9a-f-]+\) /, ""))).toEqual([
      "Execution failed due to configuration error: Malformed Lambda proxy response",
      "Method completed with status: 502",
    ]);
    expect(test.logLines[0]?.group).toBe(`API-Gateway-Execution-Logs_${api}/prod`);
    await patchStage(test, api, [
      ["/*/*/logging/loglevel", "INFO"],
      ["/*/*/logging/dataTrace", "true"],
    ]);
    await test.send(api, "prod", "/x?a=1", { headers: [["Authorization", "secret"]] });
    const text = test.logLines.map(({ message }) => message).join("\n");
    expect(text).toContain("Method request query string: {a=1}");
    expect(text).not.toContain("secret");
  });
});
