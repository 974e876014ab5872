import { compilePolicy } from "../../authorization/compile-policy.ts";
import { ContextValues, type PrincipalFacts } from "../../authorization/context-values.ts";
import { evaluate } from "../../authorization/evaluate.ts";
import type { AccessDecision, AccessNeed, ConditionValues, ResourcePolicy } from "../../core/access.ts";
import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { RoleRecord } from "../../core/ports.ts";
import type { RequestContext } from "../../core/service.ts";

/** Root may do everything; what it may not is make a role trust it that does not. */
const EVERYTHING = {
  name: "root",
  policy: compilePolicy(
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }),
  ),
};

/** A role's trust policy, as what a session of it needs the consent of. */
export function trustPolicyOf(role: RoleRecord): ResourcePolicy {
  return { name: `trust policy of ${role.arn}`, document: role.assumeRolePolicyDocument, mode: "required" };
}

/**
 * Checks that the caller may do something to a role that its trust policy has a say in: that names the caller, or the account and
 * a policy of the caller's own allows it.
 *
 * @param role - `undefined` when there is none; AWS does not tell that from a role that does not trust the caller
 * @throws AwsError `AccessDenied` with AWS's message
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function requireTrust(
  core: Core,
  role: RoleRecord | undefined,
  wanted: { readonly action: string; readonly roleArn: string; readonly conditions: ConditionValues },
  context: RequestContext,
): asserts role is RoleRecord {
  const { action, roleArn: resource, conditions } = wanted;
  const { principal } = context;
  const denied = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  if (role === undefined) {
    throw new AwsError("AccessDenied", denied, { status: 403 });
  }
  const need: AccessNeed = { action, resource, conditions, resourcePolicy: trustPolicyOf(role) };
  const decision =
    principal.type === "root" && core.authorizer.isEnforced
      ? decideForRoot(need, context)
      : core.authorizer.decide(principal, need, {
          remoteAddress: context.http.remoteAddress,
          userAgent: context.http.headers["user-agent"],
        });
  if (!decision.allowed) {
    throw new AwsError("AccessDenied", `${denied} ${reasonOf(decision, action)}`, { status: 403 });
  }
}

function decideForRoot(
  need: AccessNeed,
  { principal, clock, region, accountId, http }: RequestContext,
): AccessDecision {
  const facts: PrincipalFacts = {
    type: "Account",
    arn: principal.arn,
    principalArn: principal.arn,
    userId: principal.userId,
    accountId: principal.accountId,
    tags: {},
  };
  const request = { remoteAddress: http.remoteAddress, userAgent: http.headers["user-agent"] };
  const { document = "" } = need.resourcePolicy ?? {};
  return evaluate({
    principal: facts,
    need,
    context: new ContextValues(facts, { now: clock.now(), region, accountId, request }, need.conditions),
    identity: [EVERYTHING],
    resource: { name: "trust policy", policy: compilePolicy(document), mode: "required" },
  });
}

function reasonOf({ denial, kind }: Extract<AccessDecision, { allowed: false }>, action: string): string {
  const policy = kind === "resource-based policy" ? "role trust policy" : kind;
  const article = policy.startsWith("i") ? "an" : policy === "role trust policy" ? "the" : "a";
  return denial === "explicit"
    ? `with an explicit deny in ${article} ${policy}`
    : `because no ${policy} allows the ${action} action`;
}
