import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allowLogs, deployApi, patchStage, type TestGateway, testGateway } from "./test-gateway.ts";

describe("writeAccessLog", () => {
  let test: TestGateway;
  let api: string;
  beforeEach(async () => {
    test = testGateway();
    api = await deployApi(test, { paths: { "/items/{id}": { get: {} } } });
    await allowLogs(test);
  });
  afterEach(() => test.dispose());

  async function logged(
    format: string,
    path = "/items/7",
    headers: [string, string][] = [],
  ): Promise<string | undefined> {
    await patchStage(test, api, [
      ["/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:000000000000:log-group:/aws/apigateway/items:*"],
      ["/accessLogSettings/format", format],
    ]);
    await test.send(api, "prod", path, { headers });
    expect(test.logLines.at(-1)?.group).toBe("/aws/apigateway/items");
    return test.logLines.at(-1)?.message;
  }

  it("fills a JSON format in, escapes values, and has a dash for what is unknown", async () => {
    test.handlers.default = () => ({ statusCode: 201, body: "héllo" });
    const names = {
      requestId: "requestId",
      extended: "extendedRequestId",
      ip: "identity.sourceIp",
      caller: "identity.caller",
      agent: "identity.userAgent",
      time: "requestTime",
      epoch: "requestTimeEpoch",
      method: "httpMethod",
      resource: "resourcePath",
      path: "path",
      status: "status",
      protocol: "protocol",
      length: "responseLength",
      latency: "responseLatency",
      integrationLatency: "integrationLatency",
      integration: "integration.latency",
      integrationStatus: "integrationStatus",
      functionStatus: "integration.status",
      stage: "stage",
      domain: "domainName",
      error: "error.message",
      type: "error.responseType",
      xray: "xrayTraceId",
      api: "apiId",
      account: "accountId",
    };
    const format = JSON.stringify(
      Object.fromEntries(Object.entries(names).map(([key, name]) => [key, `$context.${name}`])),
    );
    const line = await logged(format, "/items/7", [["User-Agent", 'odd "agent"\\']]);
    expect(JSON.parse(line ?? "")).toEqual({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      extended: expect.stringMatching(/=$/),
      ip: "127.0.0.1",
      caller: "-",
      agent: 'odd "agent"\\',
      time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      epoch: expect.stringMatching(/^\d{13}$/),
      method: "GET",
      resource: "/items/{id}",
      path: "/prod/items/7",
      status: "201",
      protocol: "HTTP/1.1",
      length: "6",
      latency: expect.stringMatching(/^\d+$/),
      integrationLatency: expect.stringMatching(/^\d+$/),
      integration: expect.stringMatching(/^\d+$/),
      integrationStatus: "200",
      functionStatus: "201",
      stage: "prod",
      domain: `${api}.execute-api.localhost`,
      error: "-",
      type: "-",
      xray: "-",
      api,
      account: "000000000000",
    });
  });

  it("fills the common log format in", async () => {
    const line = await logged(
      '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength $context.requestId\n',
    );
    expect(line).toMatch(/^127\.0\.0\.1 - - \[.+ \+0000\] "GET \/items\/\{id\} HTTP\/1\.1" 200 2 [0-9a-f-]{36}$/);
  });

  it("tells of errors, with the message quoted where asked for so", async () => {
    const format = "$context.requestId $context.status $context.error.responseType $context.error.messageString";
    const line = await logged(format, "/nothing");
    expect(line).toMatch(/ 403 MISSING_AUTHENTICATION_TOKEN "Missing Authentication Token"$/);
  });

  it("knows the trace where the stage has tracing on", async () => {
    await patchStage(test, api, [["/tracingEnabled", "true"]]);
    expect(await logged("$context.requestId $context.xrayTraceId")).toMatch(/ 1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  });
});
