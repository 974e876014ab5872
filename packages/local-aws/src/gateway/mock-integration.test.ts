import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployApi, type TestGateway, testGateway } from "./test-gateway.ts";

const corsHeaders = ["Access-Control-Allow-Origin", "Access-Control-Allow-Methods"];

describe("mockIntegration", () => {
  let test: TestGateway;
  beforeEach(() => {
    test = testGateway();
  });
  afterEach(() => test.dispose());

  const deploy = (integration: Record<string, unknown>, method = "get") =>
    deployApi(test, {
      paths: {
        "/items/{id}": {
          [method]: {
            responses: {
              200: { description: "", headers: Object.fromEntries(corsHeaders.map((name) => [name, { schema: {} }])) },
              404: { description: "" },
            },
            "x-amazon-apigateway-integration": { type: "mock", ...integration },
          },
        },
      },
    });

  it("answers a CORS preflight", async () => {
    const api = await deploy(
      {
        requestTemplates: { "application/json": '{"statusCode": 200}' },
        responses: {
          default: {
            statusCode: "200",
            responseParameters: {
              "method.response.header.Access-Control-Allow-Origin": "'*'",
              "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
            },
          },
        },
      },
      "options",
    );
    expect(await test.send(api, "prod", "/items/7", { method: "OPTIONS" })).toMatchObject({
      status: 200,
      text: "",
      headers: {
        "Content-Type": "application/json",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET,OPTIONS",
      },
    });
    expect(test.invocations).toHaveLength(0);
  });

  it("selects the response by its pattern, and fills its template in", async () => {
    const api = await deploy({
      requestTemplates: { "application/json": "{statusCode: $input.params('code')}" },
      responses: {
        default: { statusCode: "200", responseTemplates: { "text/plain": "item $input.params('id')" } },
        "40\\d": { statusCode: "404", responseTemplates: { "application/json": '{"stage":"$context.stage"}' } },
      },
    });
    expect(await test.send(api, "prod", "/items/7?code=200")).toMatchObject({
      status: 200,
      text: "item 7",
      headers: { "Content-Type": "text/plain" },
    });
    expect(await test.send(api, "prod", "/items/7?code=403")).toMatchObject({ status: 404, text: '{"stage":"prod"}' });
  });

  it("fails where no status code comes out, or no response fits", async () => {
    const failed = { status: 500, text: '{"message":"Internal server error"}' };
    const api = await deploy({
      requestTemplates: { "application/json": "{}" },
      responses: { default: { statusCode: "200" } },
    });
    expect(await test.send(api, "prod", "/items/7")).toMatchObject(failed);
    const other = await deploy({
      requestTemplates: { "application/json": '{"statusCode":500}' },
      responses: { 200: { statusCode: "200" } },
    });
    expect(await test.send(other, "prod", "/items/7")).toMatchObject(failed);
  });

  it("refuses content types without a template where nothing is passed through", async () => {
    const api = await deploy({
      passthroughBehavior: "when_no_templates",
      requestTemplates: { "application/json": '{"statusCode":200}' },
      responses: { default: { statusCode: "200" } },
    });
    expect(await test.send(api, "prod", "/items/7", { headers: [["Content-Type", "text/csv"]] })).toMatchObject({
      status: 415,
      text: '{"message":"Unsupported Media Type"}',
    });
  });

  it("refuses templates beyond its subset when the API is deployed, and names them", async () => {
    const deployed = deploy({ requestTemplates: { "application/json": "#if($context.stage)x#end" }, responses: {} });
    await expect(deployed).rejects.toThrow("GET /items/{id}: the request template for application/json uses #if");
  });
});
