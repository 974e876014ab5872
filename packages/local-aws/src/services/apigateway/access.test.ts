import { APIGatewayClient, CreateRestApiCommand, GetRestApiCommand } from "@aws-sdk/client-api-gateway";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestGateway, testGateway } from "../../gateway/test-gateway.ts";
import { serveServices } from "../../test/serve-services.ts";
import { allow } from "../../test/test-iam.ts";

const ROLE = "arn:aws:iam::000000000000:role/provision";
const PREFIX = "arn:aws:apigateway:us-east-1::";

describe("apiGatewayAccess", () => {
  let test: TestGateway;
  beforeEach(() => {
    test = testGateway();
  });
  afterEach(() => test.dispose());

  const needsOf = (operation: string, method: string, path: string, input: object = {}) => {
    const context = test.core.context();
    return (
      test.service.access?.[operation]?.(input as never, { ...context, http: { ...context.http, method, path } }) ?? []
    );
  };
  const shown = (...request: Parameters<typeof needsOf>) =>
    needsOf(...request).map(({ action, resource }) => `${action} ${resource.replace(PREFIX, "")}`);
  const tagsOf = (path: string) => `/tags/${encodeURIComponent(PREFIX + path)}`;

  it("knows what every operation needs", () => {
    const { operations, access } = test.service;
    expect(Object.keys(operations).filter((name) => access?.[name] === undefined)).toEqual([]);
  });

  it.each<[string, string, string, object, string[]]>([
    ["GetRestApis", "GET", "/restapis", {}, ["apigateway:GET /restapis"]],
    ["GetRestApi", "GET", "/restapis/abc", {}, ["apigateway:GET /restapis/abc"]],
    ["DeleteRestApi", "DELETE", "/restapis/abc/", {}, ["apigateway:DELETE /restapis/abc"]],
    [
      "PutMethod",
      "PUT",
      "/restapis/abc/resources/r/methods/GET",
      {},
      ["apigateway:PUT /restapis/abc/resources/r/methods/GET"],
    ],
    ["UpdateStage", "PATCH", "/restapis/abc/stages/prod", {}, ["apigateway:PATCH /restapis/abc/stages/prod"]],
    [
      "CreateRestApi",
      "POST",
      "/restapis",
      { name: "a", tags: { team: "core" }, policy: "{}" },
      [
        "apigateway:POST /restapis",
        `apigateway:PUT ${tagsOf("/restapis/*")}`,
        "apigateway:UpdateRestApiPolicy /restapis",
      ],
    ],
    [
      "CreateStage",
      "POST",
      "/restapis/abc/stages",
      { tags: { a: "b" } },
      ["apigateway:POST /restapis/abc/stages", `apigateway:PUT ${tagsOf("/restapis/abc/stages/*")}`],
    ],
    [
      "UpdateRestApi",
      "PATCH",
      "/restapis/abc",
      { patchOperations: [{ op: "replace", path: "/policy", value: "" }] },
      ["apigateway:PATCH /restapis/abc", "apigateway:UpdateRestApiPolicy /restapis/abc"],
    ],
    [
      "PutRestApi",
      "PUT",
      "/restapis/abc",
      { body: Buffer.from('{"x-amazon-apigateway-policy":{}}') },
      ["apigateway:PUT /restapis/abc", "apigateway:UpdateRestApiPolicy /restapis/abc"],
    ],
    ["ImportRestApi", "POST", "/restapis", { body: Buffer.from("{}") }, ["apigateway:POST /restapis"]],
    [
      "UpdateAccount",
      "PATCH",
      "/account",
      { patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value: ROLE }] },
      ["apigateway:PATCH /account", `iam:PassRole ${ROLE}`],
    ],
    [
      "UpdateAccount",
      "PATCH",
      "/account",
      { patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value: "" }] },
      ["apigateway:PATCH /account"],
    ],
    [
      "TagResource",
      "PUT",
      "/tags/x",
      { resourceArn: `${PREFIX}/restapis/abc` },
      [`apigateway:PUT ${tagsOf("/restapis/abc")}`],
    ],
    [
      "GetTags",
      "GET",
      "/tags/x",
      { resourceArn: `${PREFIX}/restapis/abc` },
      [`apigateway:GET ${tagsOf("/restapis/abc")}`],
    ],
  ])("%s: %s %s %j", (operation, method, path, input, expected) => {
    expect(shown(operation, method, path, input)).toEqual(expected);
  });

  const PASSED = "arn:aws:iam::000000000000:role/api";
  const patch = (path: string) => ({ patchOperations: [{ op: "replace", path, value: PASSED }] });
  it.each<[string, object]>([
    ["PutIntegration", { credentials: PASSED }],
    ["UpdateIntegration", patch("/credentials")],
    ["CreateAuthorizer", { authorizerCredentials: PASSED }],
    ["UpdateAuthorizer", patch("/authorizerCredentials")],
    ["UpdateAccount", patch("/cloudwatchRoleArn")],
  ])("%s hands a role over only with iam:PassRole", (operation, input) => {
    expect(needsOf(operation, "PUT", "/x", input)[1]).toEqual({
      action: "iam:PassRole",
      resource: PASSED,
      conditions: { "iam:PassedToService": "apigateway.amazonaws.com" },
    });
    expect(needsOf(operation, "PUT", "/x", {})).toHaveLength(1);
  });

  it("the caller's own credentials are not a role that is handed over", () => {
    expect(needsOf("PutIntegration", "PUT", "/x", { credentials: "arn:aws:iam::*:user/*" })).toHaveLength(1);
  });

  it("carries the tags of the API, or of the stage", async () => {
    const { id } = await test.call("CreateRestApi", { name: "items", tags: { team: "core" } });
    const expected = {
      "aws:ResourceTag/team": "core",
      "apigateway:Resource/ApiName": "items",
      "apigateway:Resource/EndpointType": ["EDGE"],
    };
    expect(needsOf("GetResources", "GET", `/restapis/${id}/resources`)[0]?.conditions).toEqual(expected);
    expect(
      needsOf("UntagResource", "DELETE", "/tags/x", { resourceArn: `${PREFIX}/restapis/${id}`, tagKeys: ["team"] })[0]
        ?.conditions,
    ).toEqual({ ...expected, "aws:TagKeys": ["team"] });
    expect(needsOf("CreateRestApi", "POST", "/restapis", { name: "n", tags: { a: "b" } })[0]?.conditions).toMatchObject(
      {
        "aws:RequestTag/a": "b",
        "aws:TagKeys": ["a"],
        "apigateway:Request/ApiName": "n",
      },
    );
  });

  it("is enforced for real clients, with AWS's message", async () => {
    const served = await serveServices(test.core, [test.service]);
    const { accessKeyId, secretAccessKey, sessionToken } = test.core.credentials.issueSession(
      { arn: ROLE, roleId: "AROAPROVISION" },
      "run",
      900,
    );
    const client = new APIGatewayClient({
      ...served.client,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      maxAttempts: 1,
    });
    const create = () => client.send(new CreateRestApiCommand({ name: "items", tags: { team: "core" } }));
    const denial = (action: string, resource: string) => ({
      name: "AccessDeniedException",
      message: `User: arn:aws:sts::000000000000:assumed-role/provision/run is not authorized to perform: ${action} on resource: ${PREFIX}${resource} because no identity-based policy allows the ${action} action`,
      $metadata: { httpStatusCode: 403 },
    });
    test.iam.grant(ROLE, allow("apigateway:GET", `${PREFIX}/restapis/*`));
    await expect(create()).rejects.toMatchObject(denial("apigateway:POST", "/restapis"));
    test.iam.grant(ROLE, allow("apigateway:POST", `${PREFIX}/restapis`));
    await expect(create()).rejects.toMatchObject(denial("apigateway:PUT", tagsOf("/restapis/*")));
    test.iam.grant(ROLE, allow(["apigateway:*"], [`${PREFIX}/restapis`, `${PREFIX}/tags/*`]));
    const { id } = await create();
    await expect(client.send(new GetRestApiCommand({ restApiId: id }))).rejects.toMatchObject(
      denial("apigateway:GET", `/restapis/${id}`),
    );
    client.destroy();
    await served.close();
  });
});
