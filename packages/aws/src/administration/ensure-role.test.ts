import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { policyDocument, trustIn, wantedRole } from "../test/wanted-role.ts";
import { ensureRole } from "./ensure-role.ts";

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

describe("ensureRole", () => {
  it("makes a role once, and finds it as it is after that", async () => {
    const arn = "arn:aws:iam::000000000000:role/once";
    expect(await ensureRole(iam, wantedRole("once"))).toEqual({ arn, changed: true });
    expect(await ensureRole(iam, wantedRole("once"))).toEqual({ arn, changed: false });
  });

  it("brings a role whose trust or policy somebody changed back to what is wanted", async () => {
    const role = wantedRole("changed");
    await ensureRole(iam, { ...role, trustPolicy: trustIn({ Service: "lambda.amazonaws.com" }) });
    expect(await ensureRole(iam, role)).toMatchObject({ changed: true });
    const name = { RoleName: role.name, PolicyName: role.policyName };
    const wider = policyDocument({ Effect: "Allow", Action: "*", Resource: "*" });
    await iam.send(new PutRolePolicyCommand({ ...name, PolicyDocument: wider }));

    expect(await ensureRole(iam, role)).toMatchObject({ changed: true });

    const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(name));
    expect(decodeURIComponent(PolicyDocument)).toBe(role.policy);
    expect(await ensureRole(iam, role)).toMatchObject({ changed: false });
  });

  it("says what IAM refuses", async () => {
    await expect(ensureRole(iam, { ...wantedRole("bad"), policy: "{}" })).rejects.toMatchObject({
      name: "ReleaseError",
      why: expect.stringContaining("MalformedPolicyDocument"),
    });
  });
});
