import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployApi, type TestGateway, testGateway } from "./test-gateway.ts";

describe("proxyEvent", () => {
  let test: TestGateway;
  beforeEach(() => {
    test = testGateway();
  });
  afterEach(() => test.dispose());

  it("takes names that every object has for names like any others", async () => {
    const api = await deployApi(test, { paths: { "/items": { get: {} } } });
    await test.send(api, "prod", "/items?constructor=1&constructor=2&__proto__=3", {
      headers: [["toString", "4"]],
    });

    const event = test.lastEvent();
    expect(Object.entries(event.multiValueQueryStringParameters as object)).toEqual([
      ["constructor", ["1", "2"]],
      ["__proto__", ["3"]],
    ]);
    expect(Object.entries(event.queryStringParameters as object)).toEqual([
      ["constructor", "2"],
      ["__proto__", "3"],
    ]);
    expect(event.multiValueHeaders).toMatchObject({ toString: ["4"] });
  });

  it("carries every field of payload format 1.0", async () => {
    const api = await deployApi(test, {
      paths: { "/items/{id}": { put: { operationId: "putItem" } } },
      variables: { table: "items" },
    });
    await test.send(api, "prod", "/items/a%2Bb%20c?tag=x&tag=y&note=1%2B1+2&empty", {
      method: "PUT",
      headers: [
        ["User-Agent", "test/1"],
        ["X-Twice", "one"],
        ["x-twice", "two"],
        ["Connection", "keep-alive"],
        ["Content-Length", "13"],
        ["Content-Type", "application/json"],
        ["X-Amzn-Trace-Id", "Root=1-00000000-000000000000000000000001;Sampled=1"],
      ],
      body: '{"name":"é"}',
    });

    const event = test.lastEvent();
    const context = event.requestContext as Record<string, unknown>;
    expect(event).toEqual({
      resource: "/items/{id}",
      path: "/items/a%2Bb%20c",
      httpMethod: "PUT",
      headers: {
        Host: "127.0.0.1:4566",
        "User-Agent": "test/1",
        "X-Twice": "two",
        "Content-Type": "application/json",
        "X-Amzn-Trace-Id": "Root=1-00000000-000000000000000000000001",
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Port": "4566",
        "X-Forwarded-Proto": "http",
      },
      multiValueHeaders: {
        Host: ["127.0.0.1:4566"],
        "User-Agent": ["test/1"],
        "X-Twice": ["one", "two"],
        "Content-Type": ["application/json"],
        "X-Amzn-Trace-Id": ["Root=1-00000000-000000000000000000000001"],
        "X-Forwarded-For": ["127.0.0.1"],
        "X-Forwarded-Port": ["4566"],
        "X-Forwarded-Proto": ["http"],
      },
      queryStringParameters: { tag: "y", note: "1+1 2", empty: "" },
      multiValueQueryStringParameters: { tag: ["x", "y"], note: ["1+1 2"], empty: [""] },
      pathParameters: { id: "a%2Bb%20c" },
      stageVariables: { table: "items" },
      requestContext: {
        accountId: "000000000000",
        apiId: api,
        deploymentId: expect.stringMatching(/^[a-z0-9]{6}$/),
        domainName: `${api}.execute-api.localhost`,
        domainPrefix: api,
        extendedRequestId: expect.stringMatching(/^[\w-]{15}=$/),
        httpMethod: "PUT",
        identity: {
          accessKey: null,
          accountId: null,
          caller: null,
          cognitoAuthenticationProvider: null,
          cognitoAuthenticationType: null,
          cognitoIdentityId: null,
          cognitoIdentityPoolId: null,
          principalOrgId: null,
          sourceIp: "127.0.0.1",
          user: null,
          userAgent: "test/1",
          userArn: null,
        },
        operationName: "putItem",
        path: "/prod/items/a%2Bb%20c",
        protocol: "HTTP/1.1",
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        requestTimeEpoch: expect.any(Number),
        resourceId: expect.stringMatching(/^[a-z0-9]{6}$/),
        resourcePath: "/items/{id}",
        stage: "prod",
      },
      body: '{"name":"é"}',
      isBase64Encoded: false,
    });
    expect(Math.abs((context.requestTimeEpoch as number) - test.core.clock.now())).toBeLessThan(5000);
  });

  it("has null, not empty maps, for what the request does not have", async () => {
    const api = await deployApi(test, { paths: { "/health": { get: {} } } });
    await test.send(api, "prod", "/health");
    expect(test.lastEvent()).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
    });
  });

  it("encodes bodies of binary media types in Base64", async () => {
    const api = await deployApi(test, {
      document: { "x-amazon-apigateway-binary-media-types": ["image/*", "application/pdf"] },
    });
    const body = new Uint8Array([0xff, 0x00, 0xfe]);
    await test.send(api, "prod", "/x", { method: "POST", headers: [["Content-Type", "image/png"]], body });
    expect(test.lastEvent()).toMatchObject({ body: "/wD+", isBase64Encoded: true });
    await test.send(api, "prod", "/x", { method: "POST", headers: [["Content-Type", "text/plain"]], body: "text" });
    expect(test.lastEvent()).toMatchObject({ body: "text", isBase64Encoded: false });
  });

  it("keeps the path as it was called where slashes are doubled, and matches without them", async () => {
    const api = await deployApi(test);
    await test.send(api, "prod", "//a/b/");
    expect(test.lastEvent()).toMatchObject({
      path: "/a/b/",
      pathParameters: { proxy: "a/b" },
      requestContext: { path: "/prod//a/b/" },
    });
  });

  it("appends the caller to X-Forwarded-For", async () => {
    const api = await deployApi(test);
    await test.send(api, "prod", "/x", { headers: [["X-Forwarded-For", "203.0.113.9"]] });
    expect(test.lastEvent()).toMatchObject({ headers: { "X-Forwarded-For": "203.0.113.9, 127.0.0.1" } });
  });
});
