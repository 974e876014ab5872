import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import type { LocalAwsProcess } from "../support/local-aws-process.ts";

/** A policy document with the name that decisions call it by. */
export interface Document {
  readonly name: string;
  readonly document: string;
}

/** What binds a role. */
export interface RolePolicies {
  readonly arn: string;
  readonly identity: readonly Document[];
  readonly boundary?: Document;
}

/** Reads the policies of every role of the account, inline and managed, with their boundaries. */
export async function policiesOfRoles(localAws: LocalAwsProcess): Promise<readonly RolePolicies[]> {
  const iam = new IAMClient(localAws.client);
  try {
    const { Roles = [] } = await iam.send(new ListRolesCommand({}));
    return await Promise.all(Roles.map(({ RoleName = "" }) => policiesOf(iam, RoleName)));
  } finally {
    iam.destroy();
  }
}

async function policiesOf(iam: IAMClient, RoleName: string): Promise<RolePolicies> {
  const [{ Role }, inline, attached] = await Promise.all([
    iam.send(new GetRoleCommand({ RoleName })),
    iam.send(new ListRolePoliciesCommand({ RoleName })),
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
  ]);
  const identity = await Promise.all([
    ...(inline.PolicyNames ?? []).map(async (PolicyName) => {
      const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return { name: `${RoleName}/${PolicyName}`, document: decodeURIComponent(PolicyDocument) };
    }),
    ...(attached.AttachedPolicies ?? []).map(({ PolicyArn = "" }) => managed(iam, PolicyArn)),
  ]);
  const boundary = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    arn: Role?.Arn ?? "",
    identity,
    ...(boundary === undefined ? {} : { boundary: await managed(iam, boundary) }),
  };
}

async function managed(iam: IAMClient, PolicyArn: string): Promise<Document> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  );
  return { name: PolicyArn, document: decodeURIComponent(PolicyVersion?.Document ?? "") };
}
