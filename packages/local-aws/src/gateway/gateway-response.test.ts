import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployApi, type TestGateway, testGateway } from "./test-gateway.ts";

describe("renderGatewayResponse", () => {
  let test: TestGateway;
  beforeEach(() => {
    test = testGateway();
  });
  afterEach(() => test.dispose());

  const deploy = (responses: Record<string, unknown>) =>
    deployApi(test, {
      document: { "x-amazon-apigateway-gateway-responses": responses },
      paths: { "/items": { get: {} } },
      variables: { contact: "help" },
    });

  it("uses the API's own status, headers and template", async () => {
    const api = await deploy({
      MISSING_AUTHENTICATION_TOKEN: {
        statusCode: 404,
        responseParameters: {
          "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
          "gatewayresponse.header.X-Asked": "method.request.header.X-Ask",
          "gatewayresponse.header.X-Absent": "method.request.header.X-None",
          "gatewayresponse.header.X-Request": "context.requestId",
          "gatewayresponse.header.X-Contact": "stageVariables.contact",
        },
        responseTemplates: {
          "application/json":
            // biome-ignore lint/suspicious/noTemplateCurlyInString: API Gateway's own syntax for stage variables and Velocity references
            '{"message":$context.error.messageString,"type":"$context.error.responseType","path":"$context.path","to":"${stageVariables.contact}","none":"$context.nothing"}',
          "text/plain": "no such thing: $context.error.message.",
        },
      },
    });
    const response = await test.send(api, "prod", "/nothing", { headers: [["X-Ask", "why"]] });
    expect(response).toMatchObject({
      status: 404,
      headers: {
        "Content-Type": "application/json",
        "Access-Control-Allow-Origin": "*",
        "X-Asked": "why",
        "X-Contact": "help",
        "X-Request": response.headers["x-amzn-RequestId"],
      },
    });
    expect(JSON.parse(response.text)).toEqual({
      message: "Missing Authentication Token",
      type: "MISSING_AUTHENTICATION_TOKEN",
      path: "/prod/nothing",
      to: "help",
      none: "",
    });
    expect(Object.keys(response.headers)).not.toContain("X-Absent");
    expect(await test.send(api, "prod", "/nothing", { headers: [["Accept", "text/plain"]] })).toMatchObject({
      text: "no such thing: Missing Authentication Token.",
      headers: { "Content-Type": "text/plain" },
    });
  });

  it("falls back to DEFAULT_4XX and DEFAULT_5XX, which keep the error's status unless they have one", async () => {
    const cors = { responseParameters: { "gatewayresponse.header.Access-Control-Allow-Origin": "'*'" } };
    const api = await deploy({ DEFAULT_4XX: cors, DEFAULT_5XX: { ...cors, statusCode: "599" } });
    expect(await test.send(api, "prod", "/nothing")).toMatchObject({
      status: 403,
      text: '{"message":"Missing Authentication Token"}',
      headers: { "Access-Control-Allow-Origin": "*" },
    });
    test.handlers.default = () => "not an answer";
    expect(await test.send(api, "prod", "/items")).toMatchObject({
      status: 599,
      headers: { "Access-Control-Allow-Origin": "*" },
    });
  });
});
