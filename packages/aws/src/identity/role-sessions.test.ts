import { IAMClient } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ensureRole } from "../administration/ensure-role.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { trustIn, wantedRole } from "../test/wanted-role.ts";
import { type AssumedRole, RoleSessions } from "./role-sessions.ts";

let aws: LocalAwsFixture;
let iam: IAMClient;

beforeAll(async () => {
  aws = await localAwsFixture();
  iam = new IAMClient(aws.client);
});

afterAll(async () => {
  iam?.destroy();
  await aws?.close();
});

describe("RoleSessions", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const roleOf = async (name: string, trustPolicy = wantedRole(name).trustPolicy): Promise<AssumedRole> => {
    const { arn } = await ensureRole(iam, { ...wantedRole(name), trustPolicy });
    return { roleArn: arn, sessionName: "test", proof: { kind: "credentials", credentials: aws.client.credentials } };
  };

  it("gives credentials of the role, under the session's name", async () => {
    const sessions = new RoleSessions(aws.client);
    const sts = new STSClient({ ...aws.client, credentials: await sessions.credentials(await roleOf("worker")) });
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    sts.destroy();
    expect(Arn).toBe("arn:aws:sts::000000000000:assumed-role/worker/test");
  });

  it("keeps a session until shortly before it expires", async () => {
    const sessions = new RoleSessions(aws.client);
    const role = await roleOf("long");
    const first = await sessions.credentials(role);
    expect(await sessions.credentials(role)).toBe(first);

    vi.useFakeTimers({ toFake: ["Date"], now: first.expiration.getTime() - 6 * 60_000 });
    expect(await sessions.credentials(role)).toBe(first);
    // Less than five minutes are left by our clock; local AWS's own goes on as it did.
    const soon = first.expiration.getTime() - 4 * 60_000;
    vi.useRealTimers();
    const now = vi.spyOn(Date, "now").mockReturnValueOnce(soon);
    const second = await sessions.credentials(role);
    now.mockRestore();
    expect(second.accessKeyId).not.toBe(first.accessKeyId);
    expect((await sessions.credentials(await roleOf("other"))).accessKeyId).not.toBe(second.accessKeyId);
  });

  it("says that a role may not be assumed, and what to compare; it tries again the next time", async () => {
    const sessions = new RoleSessions(aws.client);
    const role = await roleOf("lambda-only", trustIn({ Service: "lambda.amazonaws.com" }));
    const refused = sessions.credentials(role);
    await expect(refused).rejects.toMatchObject({
      kind: "denied",
      what: `The role ${role.roleArn} cannot be assumed`,
      next: expect.stringContaining("trust policy"),
    });
    await roleOf("lambda-only");
    await expect(sessions.credentials(role)).resolves.toBeDefined();
  });

  it("refuses a token that nobody signed, with a hint at its claims", async () => {
    const sessions = new RoleSessions(aws.client);
    const proof = { kind: "web-identity", token: async () => "no.token.atall" } as const;
    await expect(sessions.credentials({ ...(await roleOf("web")), proof })).rejects.toMatchObject({
      kind: "denied",
      next: "compare the role's trust policy with the token's repository, branch and environment",
    });
  });

  it("does not call it a refusal that nobody answered", async () => {
    const sessions = new RoleSessions({ ...aws.client, endpoint: "http://127.0.0.1:1" });
    await expect(sessions.credentials(await roleOf("far"))).rejects.toMatchObject({ kind: "unreachable" });
  });
});
