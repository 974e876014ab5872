import { describe, expect, test } from "vitest";
import { judgePlan, judgeResources } from "./judge-plan.ts";

const address = "module.api.aws_api_gateway_rest_api.this";
const type = "aws_api_gateway_rest_api";
const policy = { isProtected: true, requiredTags: [] };

const responses = { 200: { description: "ok" } };
const schemes = {
  jwt: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authorizer": { type: "token" } },
  sigv4: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" },
  key: { type: "apiKey", name: "X-API-Key", in: "header" },
  oauth: { type: "oauth2" },
};

function judge(body: unknown) {
  const attributes = { body: typeof body === "string" || body === null ? body : JSON.stringify(body) };
  return judgeResources([{ address, type, attributes }], policy);
}

function openOperations(paths: object, rest: object = {}): (string | undefined)[] {
  const findings = judge({ openapi: "3.0.1", paths, components: { securitySchemes: schemes }, ...rest });
  return findings.map(({ statement }) => statement);
}

describe("the body of an API", () => {
  test("has a finding for each operation that asks nobody, with the operation as its statement", () => {
    const body = {
      paths: {
        "/items": { parameters: [], get: { responses }, post: { responses }, options: { responses } },
        "/{proxy+}": { "x-amazon-apigateway-any-method": { responses } },
      },
    };

    const findings = judge(body);

    expect(findings.map(({ statement }) => statement)).toEqual(["GET /items", "POST /items", "ANY /{proxy+}"]);
    expect(findings[0]).toMatchObject({
      id: "exposure.unauthenticated-api",
      status: "fail",
      address,
      attribute: "body",
      reason: expect.stringContaining("nobody is asked who they are"),
    });
  });

  test("names ANY beside methods that ask, because it is every other method", () => {
    const any = { security: [], responses };

    expect(
      openOperations({
        "/items": { get: { security: [{ jwt: [] }] }, "x-amazon-apigateway-any-method": any },
        "/inside": { "x-amazon-apigateway-any-method": { responses, security: [{ sigv4: [] }] } },
      }),
    ).toEqual(["ANY /items"]);
  });

  test.each<[string, object, boolean]>([
    ["an authorizer", { security: [{ jwt: [] }] }, false],
    ["signatures by their scheme", { security: [{ sigv4: [] }] }, false],
    ["signatures by the gateway's own extension", { "x-amazon-apigateway-auth": { type: "aws_iam" } }, false],
    ["an API key", { security: [{ key: [] }] }, false],
    ["a key and something that is not enforced", { security: [{ key: [], oauth: [] }] }, false],
    ["one of two locks", { security: [{ jwt: [] }, { sigv4: [] }] }, false],
    ["nothing", {}, true],
    ["an empty list", { security: [] }, true],
    ["a lock, or nothing", { security: [{ jwt: [] }, {}] }, true],
    ["a scheme that the gateway does not enforce", { security: [{ oauth: [] }] }, true],
    ["a scheme that is not there", { security: [{ other: [] }] }, true],
    ["no authorization, and says so", { "x-amazon-apigateway-auth": { type: "NONE" } }, true],
  ])("whose operation has %s", (_what, operation, isOpen) => {
    expect(openOperations({ "/": { get: { responses, ...operation } } })).toEqual(isOpen ? ["GET /"] : []);
  });

  test("can have a default, which an operation can take back", () => {
    const paths = { "/": { get: { responses }, put: { responses, security: [] } } };

    expect(openOperations(paths, { security: [{ jwt: [] }] })).toEqual(["PUT /"]);
  });

  test("can be Swagger 2.0", () => {
    const body = {
      swagger: "2.0",
      securityDefinitions: schemes,
      paths: { "/": { get: { security: [{ jwt: [] }] }, put: { security: [{ oauth: [] }] } } },
    };

    expect(judge(body).map(({ statement }) => statement)).toEqual(["PUT /"]);
  });

  test("is nothing to judge where the API is made of methods", () => {
    expect(judge(null)).toEqual([]);
    expect(judgeResources([{ address, type, attributes: {} }], policy)).toEqual([]);
  });

  test.each(["openapi: 3.0.1", "[]", "{"])("that cannot be read (%s) is unknown, not good", (body) => {
    expect(judge(body)).toMatchObject([{ id: "exposure.unauthenticated-api", status: "unknown", attribute: "body" }]);
  });

  test("that is known only after the apply is unknown until then", () => {
    const change = { actions: ["create"], before: null, after: { name: "items" }, after_unknown: { body: true } };
    const plan = {
      format_version: "1.2",
      resource_changes: [{ address, module_address: "module.api", mode: "managed", type, name: "this", change }],
    };

    expect(judgePlan(plan, policy)).toMatchObject([
      {
        id: "exposure.unauthenticated-api",
        status: "unknown",
        address,
        attribute: "body",
        reason: expect.stringMatching(/^Known only after the apply/),
      },
    ]);
  });
});
