import {
  GetPolicyCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
} from "@aws-sdk/client-iam";
import type { ResourceScanner } from "@slipway/release-engine";
import { type ScanContext, tagRecord } from "../scan-context.ts";

const gone = ["NoSuchEntityException", "NoSuchEntity"];
const pageSize = 1000;

/** Customer managed policies, with who has them attached. */
export function iamPolicies(context: ScanContext): ResourceScanner {
  const iam = context.client(IAMClient);
  return {
    type: "iam-policy",
    async list(page) {
      const { Policies = [], Marker } = await context.call("iam:ListPolicies", "the policies", (options) =>
        iam.send(new ListPoliciesCommand({ Scope: "Local", Marker: page, MaxItems: pageSize }), options),
      );
      return {
        items: Policies.map((policy) => {
          const uses = (policy.AttachmentCount ?? 0) + (policy.PermissionsBoundaryUsageCount ?? 0);
          return {
            ...{ type: "iam-policy", id: policy.Arn ?? "", name: policy.PolicyName ?? "", arn: policy.Arn ?? "" },
            createdAt: policy.CreateDate?.getTime(),
            use:
              uses === 0
                ? { verdict: "idle", why: "attached to nothing, and no permissions boundary" }
                : { verdict: "used", why: `attached, or a permissions boundary, ${uses} times` },
          };
        }),
        next: Marker,
      };
    },
    async describe(resource) {
      const input = { PolicyArn: resource.id };
      const subject = `the policy ${resource.name}`;
      const [policy, versions, entities] = await Promise.all([
        context.callFor("iam:GetPolicy", subject, gone, (options) => iam.send(new GetPolicyCommand(input), options)),
        context.callFor("iam:ListPolicyVersions", subject, gone, (options) =>
          iam.send(new ListPolicyVersionsCommand({ ...input, MaxItems: pageSize }), options),
        ),
        context.callFor("iam:ListEntitiesForPolicy", subject, gone, (options) =>
          iam.send(new ListEntitiesForPolicyCommand({ ...input, MaxItems: pageSize }), options),
        ),
      ]);
      if (policy?.Policy === undefined || versions === undefined || entities === undefined) {
        return undefined;
      }
      const { PolicyRoles = [], PolicyUsers = [], PolicyGroups = [] } = entities;
      return {
        ...resource,
        tags: tagRecord(policy.Policy.Tags),
        facts: {
          otherVersionIds: (versions.Versions ?? []).flatMap(({ VersionId, IsDefaultVersion }) =>
            VersionId === undefined || IsDefaultVersion === true ? [] : [VersionId],
          ),
          attachedTo: [
            ...PolicyRoles.map(({ RoleName = "" }) => ({ kind: "role" as const, name: RoleName })),
            ...PolicyUsers.map(({ UserName = "" }) => ({ kind: "user" as const, name: UserName })),
            ...PolicyGroups.map(({ GroupName = "" }) => ({ kind: "group" as const, name: GroupName })),
          ],
        },
      };
    },
  };
}
