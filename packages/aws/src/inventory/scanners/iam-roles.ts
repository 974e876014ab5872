import {
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import type { ResourceScanner } from "@slipway/release-engine";
import { type ScanContext, tagRecord } from "../scan-context.ts";

const gone = ["NoSuchEntityException", "NoSuchEntity"];
const pageSize = 1000;

/** Paths of roles that AWS makes and takes away. */
const ownPaths: readonly [path: string, owner: string][] = [
  ["/aws-service-role/", "a service-linked role of AWS"],
  ["/aws-reserved/", "made by IAM Identity Center"],
];

/** Roles, with the policies that must go before them. */
export function iamRoles(context: ScanContext): ResourceScanner {
  const iam = context.client(IAMClient);
  return {
    type: "iam-role",
    async list(page) {
      const { Roles = [], Marker } = await context.call("iam:ListRoles", "the roles", (options) =>
        iam.send(new ListRolesCommand({ Marker: page, MaxItems: pageSize }), options),
      );
      return {
        items: Roles.map(({ RoleName: id = "", Arn: arn = "", Path = "/", CreateDate }) => ({
          ...{ type: "iam-role", id, name: id, arn, createdAt: CreateDate?.getTime() },
          awsOwned: ownPaths.find(([prefix]) => Path.startsWith(prefix))?.[1],
        })),
        next: Marker,
      };
    },
    async describe(resource) {
      const input = { RoleName: resource.id };
      const subject = `the role ${resource.id}`;
      const [role, attached, inline, profiles] = await Promise.all([
        context.callFor("iam:GetRole", subject, gone, (options) => iam.send(new GetRoleCommand(input), options)),
        context.callFor("iam:ListAttachedRolePolicies", subject, gone, (options) =>
          iam.send(new ListAttachedRolePoliciesCommand({ ...input, MaxItems: pageSize }), options),
        ),
        context.callFor("iam:ListRolePolicies", subject, gone, (options) =>
          iam.send(new ListRolePoliciesCommand({ ...input, MaxItems: pageSize }), options),
        ),
        context.callFor("iam:ListInstanceProfilesForRole", subject, gone, (options) =>
          iam.send(new ListInstanceProfilesForRoleCommand({ ...input, MaxItems: pageSize }), options),
        ),
      ]);
      if (role?.Role === undefined || attached === undefined || inline === undefined || profiles === undefined) {
        return undefined;
      }
      return {
        ...resource,
        tags: tagRecord(role.Role.Tags),
        lastUsedAt: role.Role.RoleLastUsed?.LastUsedDate?.getTime() ?? null,
        facts: {
          attachedPolicyArns: (attached.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []),
          inlinePolicyNames: inline.PolicyNames ?? [],
          instanceProfileNames: (profiles.InstanceProfiles ?? []).flatMap(
            ({ InstanceProfileName }) => InstanceProfileName ?? [],
          ),
        },
      };
    },
  };
}
