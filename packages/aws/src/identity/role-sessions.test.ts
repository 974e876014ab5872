import { IAMClient } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type LocalAws, ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY, startLocalAws } from "@slipway/local-aws";
import { type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ensureRole, type WantedRole } from "../administration/ensure-role.ts";
import { type AssumedRole, RoleSessions } from "./role-sessions.ts";

let folder: TemporaryFolder;
let localAws: LocalAws;
let iam: IAMClient;

const root = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };
const settings = () => ({ region: "us-east-1", endpoint: localAws.endpoint, credentials: root });
const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const trust = (principal: object) => document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal });
const trustAccount = trust({ AWS: "arn:aws:iam::000000000000:root" });
const wanted = (name: string): WantedRole => ({
  name,
  description: "made by a test",
  trustPolicy: trustAccount,
  policyName: "work",
  policy: document({ Sid: "Read", Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" }),
});

beforeAll(async () => {
  folder = temporaryFolder();
  localAws = await startLocalAws({ port: 0, dataDir: folder.path });
  iam = new IAMClient(settings());
});

afterAll(async () => {
  iam?.destroy();
  await localAws?.stop();
  folder[Symbol.dispose]();
});

describe("RoleSessions", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const roleOf = async (name: string, trustPolicy = trustAccount): Promise<AssumedRole> => {
    const { arn } = await ensureRole(iam, { ...wanted(name), trustPolicy });
    return { roleArn: arn, sessionName: "test", proof: { kind: "credentials", credentials: root } };
  };

  it("gives credentials of the role, under the session's name", async () => {
    const sessions = new RoleSessions(settings());
    const sts = new STSClient({ ...settings(), credentials: await sessions.credentials(await roleOf("worker")) });
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    sts.destroy();
    expect(Arn).toBe("arn:aws:sts::000000000000:assumed-role/worker/test");
  });

  it("keeps a session until shortly before it expires", async () => {
    const sessions = new RoleSessions(settings());
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
    const sessions = new RoleSessions(settings());
    const role = await roleOf("lambda-only", trust({ Service: "lambda.amazonaws.com" }));
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
    const sessions = new RoleSessions(settings());
    const proof = { kind: "web-identity", token: async () => "no.token.atall" } as const;
    await expect(sessions.credentials({ ...(await roleOf("web")), proof })).rejects.toMatchObject({
      kind: "denied",
      next: "compare the role's trust policy with the token's repository, branch and environment",
    });
  });

  it("does not call it a refusal that nobody answered", async () => {
    const sessions = new RoleSessions({ ...settings(), endpoint: "http://127.0.0.1:1" });
    await expect(sessions.credentials(await roleOf("far"))).rejects.toMatchObject({ kind: "unreachable" });
  });
});
