import type { ResourcePolicy } from "../../core/access.ts";
import { AwsError } from "../../core/aws-error.ts";
import type { Topic } from "./sns-state.ts";

/**
 * The policy that SNS gives a new topic: the owner's account may do everything.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
export function defaultTopicPolicy(topicArn: string, accountId: string): string {
  return JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "SNS:GetTopicAttributes",
          "SNS:SetTopicAttributes",
          "SNS:AddPermission",
          "SNS:RemovePermission",
          "SNS:DeleteTopic",
          "SNS:Subscribe",
          "SNS:ListSubscriptionsByTopic",
          "SNS:Publish",
        ],
        Resource: topicArn,
        Condition: { StringEquals: { "AWS:SourceOwner": accountId } },
      },
    ],
  });
}

/** A topic's policy as the authorizer takes it: its own, or the one that SNS gave it. */
export function topicPolicy({ arn, attributes }: Topic, accountId: string): ResourcePolicy {
  return {
    name: `topic policy of ${arn}`,
    document: attributes.Policy ?? defaultTopicPolicy(arn, accountId),
    mode: "sufficient",
  };
}

/**
 * Checks the form of a topic's policy: JSON with statements that have an effect, principals and actions of SNS.
 *
 * @throws AwsError `InvalidParameterException`
 */
export function validatePolicyDocument(text: string): void {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw policyError("failed to parse JSON");
  }
  const statement = (document as { Statement?: unknown } | null)?.Statement;
  if (statement === undefined || statement === null) {
    throw policyError("missing required field Statement");
  }
  for (const entry of Array.isArray(statement) ? statement : [statement]) {
    validateStatement(entry);
  }
}

function validateStatement(entry: unknown): void {
  const { Effect, Principal, NotPrincipal, Action, NotAction } = (entry ?? {}) as Record<string, unknown>;
  if (Effect !== "Allow" && Effect !== "Deny") {
    throw policyError("statement effect must be Allow or Deny");
  }
  if (Principal === undefined && NotPrincipal === undefined) {
    throw policyError("null principal in a statement");
  }
  const actions = [Action ?? NotAction ?? []].flat();
  if (actions.length === 0) {
    throw policyError("statement has no action");
  }
  for (const action of actions) {
    if (typeof action !== "string" || !/^(\*|sns:.+)$/i.test(action)) {
      throw policyError("statement action out of service scope");
    }
  }
}

function policyError(reason: string): AwsError {
  return new AwsError("InvalidParameterException", `Invalid parameter: Policy statement error: ${reason}`);
}
