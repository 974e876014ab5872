import {
  AddClientIDToOpenIDConnectProviderCommand,
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListOpenIDConnectProvidersCommand,
  ListOpenIDConnectProviderTagsCommand,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  PutUserPermissionsBoundaryCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  SetDefaultPolicyVersionCommand,
  TagOpenIDConnectProviderCommand,
  TagPolicyCommand,
  UntagOpenIDConnectProviderCommand,
  UntagPolicyCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createIam } from "./create-iam.ts";

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const READ_LOGS = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "logs:GetLogEvents", Resource: "*" }],
});
const AWS_POLICY = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

let core: TestCore;
let served: ServedServices;
let iam: IAMClient;

beforeAll(async () => {
  core = testCore();
  served = await serveServices(core, [createIam(core).service]);
  iam = new IAMClient({ ...served.client, maxAttempts: 1 });
});

afterAll(async () => {
  iam.destroy();
  await served.close();
  core.dispose();
});

async function policy(PolicyName: string, Path = "/"): Promise<string> {
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, Path, PolicyDocument: READ_LOGS }));
  return Policy?.Arn ?? "";
}

describe("a managed policy's versions", () => {
  it("are five at most, newest first, and one of them is the default", async () => {
    const PolicyArn = await policy("versions");
    const add = () => iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: READ_LOGS }));
    for (let version = 2; version <= 5; version += 1) {
      await add();
    }
    await expect(add()).rejects.toThrow("A managed policy can have up to 5 versions.");
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: "v3" }));
    const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
    expect(Versions.map(({ VersionId, IsDefaultVersion }) => `${VersionId} ${IsDefaultVersion}`)).toEqual([
      "v5 false",
      "v4 false",
      "v3 true",
      "v2 false",
      "v1 false",
    ]);
    await expect(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v3" }))).rejects.toThrow(
      "Cannot delete the default version of a policy.",
    );
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v5" }));
    // A number is never given twice.
    expect((await add()).PolicyVersion?.VersionId).toBe("v6");
    await expect(iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: "v5" }))).rejects.toThrow(
      `Policy ${PolicyArn} version v5 does not exist or is not attachable.`,
    );
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toThrow(
      "you must delete the policy's versions",
    );
  });

  it("hold 6144 characters at most", async () => {
    const large = READ_LOGS.replace('"*"', JSON.stringify(`arn:aws:logs:::${"x".repeat(6_100)}`));
    await expect(iam.send(new CreatePolicyCommand({ PolicyName: "large", PolicyDocument: large }))).rejects.toThrow(
      "Cannot exceed quota for PolicySize: 6144",
    );
  });
});

describe("managed policies", () => {
  it("are listed by scope, by path, and by whether anybody has them", async () => {
    const attached = await policy("attached", "/listed/");
    const idle = await policy("idle", "/listed/");
    await iam.send(new CreateRoleCommand({ RoleName: "lister", AssumeRolePolicyDocument: TRUST }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: "lister", PolicyArn: attached }));
    const list = async (input: object) =>
      (await iam.send(new ListPoliciesCommand({ MaxItems: 1000, ...input }))).Policies?.map(({ Arn }) => Arn) ?? [];

    expect(await list({ PathPrefix: "/listed/" })).toEqual([attached, idle]);
    expect(await list({ PathPrefix: "/listed/", OnlyAttached: true })).toEqual([attached]);
    expect(await list({ Scope: "AWS" })).toContain(AWS_POLICY);
    expect(await list({ Scope: "Local" })).not.toContain(AWS_POLICY);
    expect(await list({})).toEqual(expect.arrayContaining([AWS_POLICY, attached]));
  });

  it("say who has them, and as what", async () => {
    const PolicyArn = await policy("shared");
    await iam.send(new CreateRoleCommand({ RoleName: "sharer", AssumeRolePolicyDocument: TRUST }));
    await iam.send(new CreateUserCommand({ UserName: "sharer" }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: "sharer", PolicyArn }));
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: "sharer", PermissionsBoundary: PolicyArn }));
    const entities = async (filter: object) => {
      const found = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn, ...filter }));
      return [found.PolicyRoles?.map(({ RoleName }) => RoleName), found.PolicyUsers?.map(({ UserName }) => UserName)];
    };

    expect(await entities({})).toEqual([["sharer"], ["sharer"]]);
    expect(await entities({ EntityFilter: "User" })).toEqual([[], ["sharer"]]);
    expect(await entities({ PolicyUsageFilter: "PermissionsPolicy" })).toEqual([["sharer"], []]);
    expect(await entities({ PolicyUsageFilter: "PermissionsBoundary" })).toEqual([[], ["sharer"]]);
    expect(await entities({ PathPrefix: "/elsewhere/" })).toEqual([[], []]);
  });

  it("have tags", async () => {
    const PolicyArn = await policy("tagged");
    await iam.send(
      new TagPolicyCommand({
        PolicyArn,
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "b", Value: "2" },
        ],
      }),
    );
    await iam.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ["a"] }));
    expect((await iam.send(new ListPolicyTagsCommand({ PolicyArn }))).Tags).toEqual([{ Key: "b", Value: "2" }]);
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: "" }));
    await expect(iam.send(new TagPolicyCommand({ PolicyArn, Tags: many }))).rejects.toThrow(
      "Cannot exceed quota for TagsPerResource: 50",
    );
  });

  it("of AWS are AWS's to change", async () => {
    const refused = `Policy ${AWS_POLICY} is managed by AWS and cannot be changed.`;
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn: AWS_POLICY }))).rejects.toThrow(refused);
    await expect(
      iam.send(new CreatePolicyVersionCommand({ PolicyArn: AWS_POLICY, PolicyDocument: READ_LOGS })),
    ).rejects.toThrow(refused);
    const gone = `${AWS_POLICY}-gone`;
    await expect(iam.send(new GetPolicyCommand({ PolicyArn: gone }))).rejects.toThrow(`Policy ${gone} was not found.`);
  });
});

describe("OpenID Connect providers", () => {
  const THUMBPRINT = "6938fd4d98bab03faadb97b34396831e3780aea1";

  it("are made, changed, tagged and deleted", async () => {
    const Url = "https://ci.example.com/team/";
    const made = await iam.send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ["a", "a"] }));
    const OpenIDConnectProviderArn = made.OpenIDConnectProviderArn ?? "";
    expect(OpenIDConnectProviderArn).toBe("arn:aws:iam::000000000000:oidc-provider/ci.example.com/team");
    const it = { OpenIDConnectProviderArn };
    await iam.send(new AddClientIDToOpenIDConnectProviderCommand({ ...it, ClientID: "b" }));
    await iam.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ ...it, ClientID: "a" }));
    await iam.send(new UpdateOpenIDConnectProviderThumbprintCommand({ ...it, ThumbprintList: [THUMBPRINT] }));
    expect(await iam.send(new GetOpenIDConnectProviderCommand(it))).toMatchObject({
      ClientIDList: ["b"],
      ThumbprintList: [THUMBPRINT],
      Url: "ci.example.com/team",
    });
    await iam.send(new TagOpenIDConnectProviderCommand({ ...it, Tags: [{ Key: "a", Value: "1" }] }));
    expect((await iam.send(new ListOpenIDConnectProviderTagsCommand(it))).Tags).toEqual([{ Key: "a", Value: "1" }]);
    await iam.send(new UntagOpenIDConnectProviderCommand({ ...it, TagKeys: ["a"] }));
    expect((await iam.send(new ListOpenIDConnectProviderTagsCommand(it))).Tags).toEqual([]);
    await iam.send(new DeleteOpenIDConnectProviderCommand(it));
    const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
    expect(OpenIDConnectProviderList).toEqual([]);
    await expect(iam.send(new GetOpenIDConnectProviderCommand(it))).rejects.toThrow(
      `OpenIDConnect Provider not found for arn ${OpenIDConnectProviderArn}`,
    );
  });

  it.each([
    [{ Url: "http://ci.example.com" }, "The url http://ci.example.com must begin with https://"],
    [{ Url: "https://ci.example.com?a=b" }, "must begin with https:// and have no query"],
    [{ Url: "https://x.example.com", ThumbprintList: ["abc"] }, "Thumbprint abc must be 40 hexadecimal characters."],
  ])("refuses %j", async (input, message) => {
    await expect(iam.send(new CreateOpenIDConnectProviderCommand(input))).rejects.toThrow(message);
  });

  it("are there once for each URL", async () => {
    const twice = new CreateOpenIDConnectProviderCommand({ Url: "https://twice.example.com" });
    await iam.send(twice);
    await expect(iam.send(twice)).rejects.toThrow("Provider with url https://twice.example.com already exists.");
  });
});
