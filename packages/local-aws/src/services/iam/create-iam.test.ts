import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createIam } from "./create-iam.ts";

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const READ_TABLE = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "dynamodb:GetItem", Resource: "arn:aws:dynamodb:*:*:table/x" }],
});

let core: TestCore;
let served: ServedServices;
let iam: IAMClient;

beforeAll(async () => {
  core = testCore();
  served = await serveServices(core, [createIam(core).service]);
  iam = new IAMClient(served.client);
});

afterAll(async () => {
  iam.destroy();
  await served.close();
  core.dispose();
});

describe("roles", () => {
  it("gives back what was written, documents percent-encoded", async () => {
    await iam.send(
      new CreateRoleCommand({
        RoleName: "reader",
        Path: "/app/",
        AssumeRolePolicyDocument: TRUST,
        Tags: [{ Key: "team", Value: "a & b" }],
      }),
    );
    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: "reader" }));
    expect(role?.Arn).toBe("arn:aws:iam::000000000000:role/app/reader");
    expect(role?.RoleId).toMatch(/^AROA[A-Z2-7]{16}$/);
    expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? "")).toBe(TRUST);
    expect(role?.Tags).toEqual([{ Key: "team", Value: "a & b" }]);
    expect(role?.MaxSessionDuration).toBe(3600);
  });

  it("answers as AWS for what is missing, doubled or malformed", async () => {
    await expect(iam.send(new GetRoleCommand({ RoleName: "nobody" }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
      message: "The role with name nobody cannot be found.",
      $metadata: { httpStatusCode: 404 },
    });
    await expect(
      iam.send(new CreateRoleCommand({ RoleName: "reader", AssumeRolePolicyDocument: TRUST })),
    ).rejects.toMatchObject({ name: "EntityAlreadyExistsException", $metadata: { httpStatusCode: 409 } });
    await expect(
      iam.send(new CreateRoleCommand({ RoleName: "broken", AssumeRolePolicyDocument: "{" })),
    ).rejects.toMatchObject({ name: "MalformedPolicyDocumentException" });
    await expect(
      iam.send(new CreateRoleCommand({ RoleName: "no principal", AssumeRolePolicyDocument: TRUST })),
    ).rejects.toMatchObject({ name: "ValidationError" });
  });

  it("is not deleted while policies hang on it", async () => {
    await iam.send(new CreateRoleCommand({ RoleName: "busy", AssumeRolePolicyDocument: TRUST }));
    await iam.send(new PutRolePolicyCommand({ RoleName: "busy", PolicyName: "read", PolicyDocument: READ_TABLE }));
    const inline = await iam.send(new GetRolePolicyCommand({ RoleName: "busy", PolicyName: "read" }));
    expect(decodeURIComponent(inline.PolicyDocument ?? "")).toBe(READ_TABLE);
    await expect(iam.send(new DeleteRoleCommand({ RoleName: "busy" }))).rejects.toMatchObject({
      name: "DeleteConflictException",
    });
  });

  it("lists by path and in pages", async () => {
    const { Roles: inApp } = await iam.send(new ListRolesCommand({ PathPrefix: "/app/" }));
    expect(inApp?.map(({ RoleName }) => RoleName)).toEqual(["reader"]);
    const first = await iam.send(new ListRolesCommand({ MaxItems: 1 }));
    expect(first.IsTruncated).toBe(true);
    const second = await iam.send(new ListRolesCommand({ MaxItems: 1, Marker: first.Marker }));
    expect(second.Roles?.[0]?.RoleName).not.toBe(first.Roles?.[0]?.RoleName);
  });
});

describe("managed policies", () => {
  it("keeps versions, and stays while attached", async () => {
    const { Policy: policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: READ_TABLE }));
    await iam.send(
      new CreatePolicyVersionCommand({ PolicyArn: policy?.Arn, PolicyDocument: READ_TABLE, SetAsDefault: true }),
    );
    const version = await iam.send(new GetPolicyVersionCommand({ PolicyArn: policy?.Arn, VersionId: "v2" }));
    expect(version.PolicyVersion?.IsDefaultVersion).toBe(true);
    await iam.send(new AttachRolePolicyCommand({ RoleName: "reader", PolicyArn: policy?.Arn }));
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn: policy?.Arn }))).rejects.toMatchObject({
      name: "DeleteConflictException",
    });
    await iam.send(new DetachRolePolicyCommand({ RoleName: "reader", PolicyArn: policy?.Arn }));
  });

  it("counts where a policy is a boundary, and stays while it is one", async () => {
    const { Policy: policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "b", PolicyDocument: READ_TABLE }));
    const PermissionsBoundary = policy?.Arn;
    await iam.send(
      new CreateRoleCommand({ RoleName: "bounded", AssumeRolePolicyDocument: TRUST, PermissionsBoundary }),
    );
    const { Policy: used } = await iam.send(new GetPolicyCommand({ PolicyArn: policy?.Arn }));
    const entities = (more: object) => iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: policy?.Arn, ...more }));
    expect((await entities({ PolicyUsageFilter: "PermissionsBoundary" })).PolicyRoles).toMatchObject([
      { RoleName: "bounded" },
    ]);
    expect((await entities({ PolicyUsageFilter: "PermissionsPolicy" })).PolicyRoles).toEqual([]);
    expect((await entities({ EntityFilter: "User" })).PolicyRoles).toEqual([]);
    expect(used).toMatchObject({ AttachmentCount: 0, PermissionsBoundaryUsageCount: 1 });
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn: policy?.Arn }))).rejects.toMatchObject({
      name: "DeleteConflictException",
    });
    await iam.send(new DeleteRoleCommand({ RoleName: "bounded" }));
    await iam.send(new DeletePolicyCommand({ PolicyArn: policy?.Arn }));
  });

  it("takes no property that every object has for a policy", async () => {
    await expect(
      iam.send(new AttachRolePolicyCommand({ RoleName: "reader", PolicyArn: "constructor" })),
    ).rejects.toMatchObject({ name: "NoSuchEntityException" });
    await expect(
      iam.send(new GetRolePolicyCommand({ RoleName: "reader", PolicyName: "constructor" })),
    ).rejects.toMatchObject({ name: "NoSuchEntityException" });
  });

  it("knows AWS's own policies, and not those that it does not know", async () => {
    const arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    await iam.send(new AttachRolePolicyCommand({ RoleName: "reader", PolicyArn: arn }));
    const { AttachedPolicies: attached } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: "reader" }));
    expect(attached).toEqual([{ PolicyArn: arn, PolicyName: "AWSLambdaBasicExecutionRole" }]);
    await expect(
      iam.send(new AttachRolePolicyCommand({ RoleName: "reader", PolicyArn: "arn:aws:iam::aws:policy/NoSuchPolicy" })),
    ).rejects.toMatchObject({ name: "NoSuchEntityException" });
  });

  it.each([
    ["a principal", { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }, "principal"],
    ["no resource", { Effect: "Allow", Action: "s3:GetObject" }, "resources"],
    ["an action without its service", { Effect: "Allow", Action: "GetObject", Resource: "*" }, "vendor"],
    [
      "both Action and NotAction",
      { Effect: "Allow", Action: "s3:GetObject", NotAction: "s3:PutObject", Resource: "*" },
      "not both",
    ],
    ["a Sid with a space", { Sid: "read it", Effect: "Allow", Action: "s3:GetObject", Resource: "*" }, "alpha-numeric"],
    [
      "an unknown operator",
      { Effect: "Allow", Action: "s3:*", Resource: "*", Condition: { StringEqual: { "aws:username": "a" } } },
      "Invalid Condition type : StringEqual",
    ],
    [
      "a condition without a key",
      { Effect: "Allow", Action: "s3:*", Resource: "*", Condition: { StringEquals: "a" } },
      "must name its keys",
    ],
    ["an unknown element", { Effect: "Allow", Action: "s3:GetObject", Resource: "*", Actions: "x" }, "Actions"],
  ])("refuses a document with %s", async (_case, statement, word) => {
    const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await expect(
      iam.send(new CreatePolicyCommand({ PolicyName: "bad", PolicyDocument: document })),
    ).rejects.toMatchObject({ name: "MalformedPolicyDocumentException", message: expect.stringContaining(word) });
  });

  it("refuses to trust everybody but somebody", async () => {
    const statement = { Effect: "Allow", NotPrincipal: { AWS: "111111111111" }, Action: "sts:AssumeRole" };
    const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await expect(
      iam.send(new CreateRoleCommand({ RoleName: "open", AssumeRolePolicyDocument: document })),
    ).rejects.toMatchObject({ message: expect.stringContaining("prohibited field NotPrincipal") });
  });
});

describe("users", () => {
  it("sign with their own keys", async () => {
    await iam.send(new CreateUserCommand({ UserName: "ada" }));
    const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: "ada" }));
    const ada = new IAMClient({
      ...served.client,
      credentials: { accessKeyId: key?.AccessKeyId ?? "", secretAccessKey: key?.SecretAccessKey ?? "" },
    });
    // Without a name, GetUser means the caller.
    const { User: user } = await ada.send(new GetUserCommand({}));
    expect(user?.Arn).toBe("arn:aws:iam::000000000000:user/ada");
    ada.destroy();
  });
});

describe("OpenID Connect providers", () => {
  const GITHUB = "token.actions.githubusercontent.com";
  const trusting = (Condition?: object) =>
    iam.send(
      new CreateRoleCommand({
        RoleName: "github-job",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Federated: `arn:aws:iam::000000000000:oidc-provider/${GITHUB}` },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition,
            },
          ],
        }),
      }),
    );

  it.each([
    ["no condition", undefined],
    ["the audience only", { StringEquals: { [`${GITHUB}:aud`]: "sts.amazonaws.com" } }],
    ["any subject", { StringLike: { [`${GITHUB}:sub`]: "*" } }],
    ["any other subject", { StringNotEquals: { [`${GITHUB}:sub`]: "repo:evil/shop" } }],
    ["a subject if there is one", { StringEqualsIfExists: { [`${GITHUB}:sub`]: "repo:acme/shop" } }],
  ])("are not trusted for everybody's tokens, with %s", async (_case, condition) => {
    await expect(trusting(condition)).rejects.toMatchObject({
      name: "MalformedPolicyDocumentException",
      message: expect.stringContaining(`must evaluate ${GITHUB}:sub`),
    });
  });

  it("are trusted for the tokens of a repository", async () => {
    const condition = { StringLike: { [`${GITHUB}:sub`]: "repo:acme/shop:*" } };
    expect((await trusting(condition)).Role?.Arn).toContain(":role/github-job");
  });

  it("keeps the URL without its scheme", async () => {
    const { OpenIDConnectProviderArn: arn } = await iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: "https://token.actions.githubusercontent.com",
        ClientIDList: ["sts.amazonaws.com"],
        ThumbprintList: ["6938fd4d98bab03faadb97b34396831e3780aea1"],
      }),
    );
    expect(arn).toBe("arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com");
    const provider = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
    expect(provider.Url).toBe("token.actions.githubusercontent.com");
    expect(provider.ClientIDList).toEqual(["sts.amazonaws.com"]);
  });
});
