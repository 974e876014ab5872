import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createIam } from "./create-iam.ts";

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

let made = 0;
async function user(Path = "/"): Promise<string> {
  const UserName = `user-${++made}`;
  await iam.send(new CreateUserCommand({ UserName, Path }));
  return UserName;
}

/** A client that signs with an access key. */
async function actingAs(UserName: string): Promise<IAMClient> {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const credentials = {
    accessKeyId: AccessKey?.AccessKeyId ?? "",
    secretAccessKey: AccessKey?.SecretAccessKey ?? "",
  };
  return new IAMClient({ ...served.client, credentials, maxAttempts: 1 });
}

describe("users", () => {
  it("are listed by path, and each name is taken once", async () => {
    const UserName = await user("/team/");
    await user("/other/");
    const { Users = [] } = await iam.send(new ListUsersCommand({ PathPrefix: "/team/" }));
    expect(Users.map((each) => each.Arn)).toEqual([`arn:aws:iam::000000000000:user/team/${UserName}`]);
    await expect(iam.send(new CreateUserCommand({ UserName }))).rejects.toMatchObject({
      name: "EntityAlreadyExistsException",
    });
    await expect(iam.send(new CreateUserCommand({ UserName: "x", Path: "team" }))).rejects.toThrow(
      "The specified value for path is invalid",
    );
  });

  it("who do not say whom they mean mean themselves; root has to say it", async () => {
    const UserName = await user();
    const theirs = await actingAs(UserName);
    const { User } = await theirs.send(new GetUserCommand({}));
    expect(User?.UserName).toBe(UserName);
    const { AccessKeyMetadata = [] } = await theirs.send(new ListAccessKeysCommand({}));
    expect(AccessKeyMetadata).toMatchObject([{ UserName, Status: "Active" }]);
    await expect(iam.send(new GetUserCommand({}))).rejects.toThrow(
      "Must specify userName when calling with non-User credentials",
    );
    theirs.destroy();
  });

  it("have tags, no groups, and a boundary that can be taken away", async () => {
    const UserName = await user();
    await iam.send(
      new TagUserCommand({
        UserName,
        Tags: [
          { Key: "team", Value: "a" },
          { Key: "since", Value: "2026" },
        ],
      }),
    );
    await iam.send(new TagUserCommand({ UserName, Tags: [{ Key: "team", Value: "b" }] }));
    await iam.send(new UntagUserCommand({ UserName, TagKeys: ["since"] }));
    expect((await iam.send(new ListUserTagsCommand({ UserName }))).Tags).toEqual([{ Key: "team", Value: "b" }]);
    expect((await iam.send(new ListGroupsForUserCommand({ UserName }))).Groups).toEqual([]);

    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: AWS_POLICY }));
    const boundary = async () => (await iam.send(new GetUserCommand({ UserName }))).User?.PermissionsBoundary;
    expect(await boundary()).toMatchObject({ PermissionsBoundaryArn: AWS_POLICY });
    await iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName }));
    expect(await boundary()).toBeUndefined();
    const unknown = new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: `${AWS_POLICY}x` });
    await expect(iam.send(unknown)).rejects.toMatchObject({ name: "NoSuchEntityException" });
  });
});

describe("access keys", () => {
  it("are two at most, sign while they are active, and are named when they are not there", async () => {
    const UserName = await user();
    const theirs = await actingAs(UserName);
    const { AccessKeyMetadata: [first] = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
    const AccessKeyId = first?.AccessKeyId ?? "";
    await iam.send(new CreateAccessKeyCommand({ UserName }));
    await expect(iam.send(new CreateAccessKeyCommand({ UserName }))).rejects.toThrow(
      "Cannot exceed quota for AccessKeysPerUser: 2",
    );

    await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: "Inactive" }));
    await expect(theirs.send(new GetUserCommand({})), "it does not sign any more").rejects.toMatchObject({
      name: "InvalidClientTokenId",
    });
    await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: "Active" }));
    await expect(theirs.send(new GetUserCommand({}))).resolves.toBeDefined();
    const odd = new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: "Expired" });
    await expect(iam.send(odd)).rejects.toThrow("status: expected Active or Inactive, got Expired");

    const other = await user();
    for (const command of [
      new UpdateAccessKeyCommand({ UserName: other, AccessKeyId, Status: "Inactive" }),
      new DeleteAccessKeyCommand({ UserName: other, AccessKeyId }),
    ]) {
      await expect(iam.send(command as DeleteAccessKeyCommand)).rejects.toThrow(
        `The Access Key with id ${AccessKeyId} cannot be found.`,
      );
    }
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    await expect(theirs.send(new GetUserCommand({}))).rejects.toMatchObject({ name: "InvalidClientTokenId" });
    theirs.destroy();
  });
});

describe("a user's policies", () => {
  it("inline ones are put, listed, read and deleted; their size is limited", async () => {
    const UserName = await user();
    const PolicyName = "read";
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument: READ_LOGS }));
    expect((await iam.send(new ListUserPoliciesCommand({ UserName }))).PolicyNames).toEqual([PolicyName]);
    const { PolicyDocument = "" } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName }));
    expect(decodeURIComponent(PolicyDocument)).toBe(READ_LOGS);
    const large = READ_LOGS.replace('"*"', JSON.stringify(Array(80).fill(`arn:aws:logs:*:*:${"x".repeat(20)}`)));
    await expect(
      iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "large", PolicyDocument: large })),
    ).rejects.toThrow(`Maximum policy size of 2048 bytes exceeded for user ${UserName}`);
    await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
    for (const command of [
      new GetUserPolicyCommand({ UserName, PolicyName }),
      new DeleteUserPolicyCommand({ UserName, PolicyName }),
    ]) {
      await expect(iam.send(command as DeleteUserPolicyCommand)).rejects.toThrow(
        "The user policy with name read cannot be found.",
      );
    }
  });

  it("managed ones are attached once, ten at most, and detached", async () => {
    const UserName = await user();
    const arns: string[] = [];
    for (let index = 0; index < 11; index += 1) {
      const { Policy } = await iam.send(
        new CreatePolicyCommand({ PolicyName: `attached-${index}`, PolicyDocument: READ_LOGS }),
      );
      arns.push(Policy?.Arn ?? "");
    }
    for (const PolicyArn of [...arns.slice(0, 10), ...arns.slice(0, 1)]) {
      await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
    }
    await expect(iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: arns[10] }))).rejects.toThrow(
      "Cannot exceed quota for PoliciesPerUser: 10",
    );
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
    expect(AttachedPolicies.map(({ PolicyArn }) => PolicyArn)).toEqual(arns.slice(0, 10));
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: arns[0] }));
    await expect(iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: arns[0] }))).rejects.toThrow(
      `Policy ${arns[0]} was not found.`,
    );
  });

  it("and keys keep a user from being deleted, each with the sentence that says what goes first", async () => {
    const UserName = await user();
    const remove = () => iam.send(new DeleteUserCommand({ UserName }));
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: AWS_POLICY }));
    await expect(remove()).rejects.toThrow("must detach all policies first");
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: AWS_POLICY }));
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "p", PolicyDocument: READ_LOGS }));
    await expect(remove()).rejects.toThrow("must delete policies first");
    await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: "p" }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    await expect(remove()).rejects.toThrow("must delete access keys first");
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId }));
    await remove();
    await expect(iam.send(new GetUserCommand({ UserName }))).rejects.toThrow(
      `The user with name ${UserName} cannot be found.`,
    );
  });
});
