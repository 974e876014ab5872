import { IAMClient } from "@aws-sdk/client-iam";
import { ensureRole } from "../administration/ensure-role.ts";
import { RoleSessions, type SessionCredentials } from "../identity/role-sessions.ts";
import type { LocalAwsFixture } from "./local-aws-fixture.ts";

/** Credentials of a role that may list buckets, and nothing else. */
export async function powerlessCredentials({ client }: LocalAwsFixture): Promise<SessionCredentials> {
  const document = (statement: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
  const iam = new IAMClient(client);
  const { arn } = await ensureRole(iam, {
    name: "powerless",
    description: "made by a test",
    trustPolicy: document({ Action: "sts:AssumeRole", Principal: { AWS: "arn:aws:iam::000000000000:root" } }),
    policyName: "work",
    policy: document({ Action: "s3:ListAllMyBuckets", Resource: "*" }),
  });
  iam.destroy();
  const sessions = new RoleSessions({ region: client.region, endpoint: client.endpoint });
  const proof = { kind: "credentials", credentials: client.credentials } as const;
  return sessions.credentials({ roleArn: arn, sessionName: "test", proof });
}
