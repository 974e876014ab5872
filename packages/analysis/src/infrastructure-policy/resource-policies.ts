import type { InfrastructureFinding } from "@slipway/contracts";
import { finding } from "./finding.ts";
import { judgePolicy, type PolicyKind } from "./judge-policy.ts";
import { look, type ResourceView, unknownFinding } from "./resource-view.ts";

/** Which argument of which resource holds a policy. */
export const POLICY_ARGUMENTS: Readonly<Record<string, { readonly argument: string; readonly kind: PolicyKind }>> = {
  aws_api_gateway_rest_api_policy: { argument: "policy", kind: "resource" },
  aws_dynamodb_resource_policy: { argument: "policy", kind: "resource" },
  aws_iam_group_policy: { argument: "policy", kind: "identity" },
  aws_iam_policy: { argument: "policy", kind: "identity" },
  aws_iam_role: { argument: "assume_role_policy", kind: "trust" },
  aws_iam_role_policy: { argument: "policy", kind: "identity" },
  aws_iam_user_policy: { argument: "policy", kind: "identity" },
  aws_kms_key: { argument: "policy", kind: "key" },
  aws_kms_key_policy: { argument: "policy", kind: "key" },
  aws_s3_bucket_policy: { argument: "policy", kind: "resource" },
  aws_sns_topic_policy: { argument: "policy", kind: "resource" },
  aws_sqs_queue_policy: { argument: "policy", kind: "resource" },
};

/** What the policies of a resource allow. A resource without one has AWS's default, which lets in nobody from outside. */
export function judgeResourcePolicies(view: ResourceView): InfrastructureFinding[] {
  const holder = POLICY_ARGUMENTS[view.type];
  return holder === undefined
    ? judgeManagedPolicies(view)
    : [...judgeDocument(view, holder), ...judgeManagedPolicies(view)];
}

function judgeDocument(
  view: ResourceView,
  { argument, kind }: { readonly argument: string; readonly kind: PolicyKind },
): InfrastructureFinding[] {
  const place = { address: view.address, attribute: argument };
  const document = look(view, argument);
  if (!document.known) {
    const words = {
      id: "iam.unreadable",
      severity: "high",
      reason: "The policy is made of what the apply makes, so nobody knows yet what it allows.",
      next: "judge it again after the apply",
    } as const;
    return [finding(place, words, "unknown")];
  }
  if (document.value === undefined || document.value === null || document.value === "") {
    return [];
  }
  const account = accountOf(view);
  const role = view.type === "aws_iam_role_policy" ? look(view, "role") : undefined;
  return judgePolicy(document.value, {
    ...place,
    kind,
    ...(account === undefined ? {} : { account }),
    ...(role?.known && typeof role.value === "string" ? { role: role.value } : {}),
  });
}

/** The account in the resource's own ARN. */
function accountOf(view: ResourceView): string | undefined {
  const arn = look(view, "arn");
  return arn.known && typeof arn.value === "string"
    ? /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn.value)?.[1]
    : undefined;
}

/** AWS's own policies that give everything, or everything of a service. */
const BROAD_POLICY = /:aws:policy\/(.*\/)?(AdministratorAccess|PowerUserAccess|IAMFullAccess|\w+FullAccess(_v\d+)?)$/;

function judgeManagedPolicies(view: ResourceView): InfrastructureFinding[] {
  const argument = /^aws_iam_(role|user|group)_policy_attachment$/.test(view.type)
    ? "policy_arn"
    : view.type === "aws_iam_role"
      ? "managed_policy_arns"
      : undefined;
  if (argument === undefined) {
    return [];
  }
  const looked = look(view, argument);
  const place = { address: view.address, attribute: argument };
  const words = (arn: string) =>
    ({
      id: "iam.managed-policy",
      severity: "high",
      reason: `It attaches ${arn}, which AWS keeps as wide as the service is, and widens with it.`,
      next: "write a policy with the actions and resources that are needed",
    }) as const;
  if (!looked.known) {
    // Left to AWS where the configuration is silent: then it is what is attached elsewhere, and judged there.
    return argument === "policy_arn" ? [unknownFinding(place, words("a policy"))] : [];
  }
  const arns = [looked.value].flat().filter((arn): arn is string => typeof arn === "string");
  return arns.filter((arn) => BROAD_POLICY.test(arn)).map((arn) => finding(place, words(arn)));
}
