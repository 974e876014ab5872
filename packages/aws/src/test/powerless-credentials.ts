import { IAMClient } from "@aws-sdk/client-iam";
import { ensureRole } from "../administration/ensure-role.ts";
import { RoleSessions, type SessionCredentials } from "../identity/role-sessions.ts";
import type { LocalAwsFixture } from "./local-aws-fixture.ts";
import { wantedRole } from "./wanted-role.ts";

/** Credentials of a role that may list buckets, and nothing else. */
export async function powerlessCredentials({ client }: LocalAwsFixture): Promise<SessionCredentials> {
  const iam = new IAMClient(client);
  const { arn } = await ensureRole(iam, wantedRole("powerless"));
  iam.destroy();
  const sessions = new RoleSessions({ region: client.region, endpoint: client.endpoint });
  const proof = { kind: "credentials", credentials: client.credentials } as const;
  return sessions.credentials({ roleArn: arn, sessionName: "test", proof });
}
