import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { type LocalAws, ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY, startLocalAws } from "@slipway/local-aws";
import { type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureRole, type WantedRole } from "./ensure-role.ts";

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

describe("ensureRole", () => {
  it("makes a role once, and finds it as it is after that", async () => {
    const arn = "arn:aws:iam::000000000000:role/once";
    expect(await ensureRole(iam, wanted("once"))).toEqual({ arn, changed: true });
    expect(await ensureRole(iam, wanted("once"))).toEqual({ arn, changed: false });
  });

  it("brings a role whose trust or policy somebody changed back to what is wanted", async () => {
    const role = wanted("changed");
    await ensureRole(iam, { ...role, trustPolicy: trust({ Service: "lambda.amazonaws.com" }) });
    expect(await ensureRole(iam, role)).toMatchObject({ changed: true });
    const name = { RoleName: role.name, PolicyName: role.policyName };
    const wider = document({ Effect: "Allow", Action: "*", Resource: "*" });
    await iam.send(new PutRolePolicyCommand({ ...name, PolicyDocument: wider }));

    expect(await ensureRole(iam, role)).toMatchObject({ changed: true });

    const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(name));
    expect(decodeURIComponent(PolicyDocument)).toBe(role.policy);
    expect(await ensureRole(iam, role)).toMatchObject({ changed: false });
  });

  it("says what IAM refuses", async () => {
    await expect(ensureRole(iam, { ...wanted("bad"), policy: "{}" })).rejects.toMatchObject({
      name: "ReleaseError",
      why: expect.stringContaining("MalformedPolicyDocument"),
    });
  });
});
