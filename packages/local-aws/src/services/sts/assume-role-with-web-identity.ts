import type { ConditionValues } from "../../core/access.ts";
import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { OidcProviderDirectory, PolicyDirectory, RoleDirectory } from "../../core/ports.ts";
import type { Operations } from "../../core/service.ts";
import {
  checkDuration,
  checkRoleArn,
  checkRoleLimit,
  checkSessionName,
  HOUR,
  LONGEST_ROLE_SESSION,
  shown,
  validation,
} from "./session-input.ts";
import { sessionPolicies } from "./session-policies.ts";
import { trustPolicyOf } from "./trust.ts";
import { type IssuerKeySets, verifyWebIdentityToken, type WebIdentity } from "./verify-web-identity-token.ts";

type Sts = typeof import("@aws-sdk/client-sts");

/** What AssumeRoleWithWebIdentity is made of. */
interface WebIdentityDeps {
  readonly roles: RoleDirectory;
  readonly policies: PolicyDirectory;
  readonly oidcProviders: OidcProviderDirectory;
  readonly issuers: IssuerKeySets;
}

/**
 * Claims of certain providers that trust policies can ask for, beside `aud`, `sub` and `amr`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
const PROVIDER_CLAIMS: Readonly<Record<string, readonly string[]>> = {
  "token.actions.githubusercontent.com": [
    "actor",
    "actor_id",
    "job_workflow_ref",
    "repository",
    "repository_id",
    "workflow",
    "ref",
    "environment",
    "enterprise_id",
  ],
};

/**
 * `AssumeRoleWithWebIdentity`: unsigned, the token is the proof.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function assumeRoleWithWebIdentity(
  core: Core,
  deps: WebIdentityDeps,
): NonNullable<Operations<Sts>["AssumeRoleWithWebIdentity"]> {
  return async (input, { http }) => {
    const roleArn = checkRoleArn(input.RoleArn);
    const sessionName = checkSessionName(input.RoleSessionName);
    const duration = checkDuration(input.DurationSeconds ?? HOUR, LONGEST_ROLE_SESSION);
    if (input.WebIdentityToken === undefined || input.WebIdentityToken.length < 4) {
      throw validation(
        "1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: Member must have length greater than or equal to 4",
      );
    }
    if (input.ProviderId !== undefined) {
      throw new AwsError("NotImplemented", "Local AWS does not implement OAuth 2.0 providers (ProviderId).", {
        status: 400,
      });
    }
    const limits = sessionPolicies(input, deps.policies);
    const identity = await verifyWebIdentityToken(input.WebIdentityToken, deps);
    const role = deps.roles.findRole(roleArn);
    const decision =
      role &&
      core.authorizer.decideForFederated(
        { provider: identity.provider.arn },
        {
          action: "sts:AssumeRoleWithWebIdentity",
          resource: roleArn,
          resourcePolicy: trustPolicyOf(role),
          conditions: {
            ...claimsOf(identity),
            "sts:RoleSessionName": sessionName,
            "aws:SourceIp": http.remoteAddress,
            "aws:UserAgent": http.headers["user-agent"],
          },
        },
      );
    if (role === undefined || decision?.allowed !== true) {
      // AWS says no more than this: neither whether there is such a role, nor which condition failed.
      throw new AwsError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", { status: 403 });
    }
    checkRoleLimit(duration, role);
    const credential = core.credentials.issueSession(role, sessionName, duration, {
      sessionContext: sessionContextOf(identity),
      sessionPolicies: limits,
    });
    return {
      Credentials: shown(credential),
      AssumedRoleUser: { AssumedRoleId: credential.principal.userId, Arn: credential.principal.arn },
      SubjectFromWebIdentityToken: identity.subject,
      Audience: identity.audience,
      Provider: identity.provider.arn,
    };
  };
}

/** The keys that last as long as the session: not those of one provider. */
function sessionContextOf(identity: WebIdentity): ConditionValues {
  return {
    ...standardClaims(identity),
    "aws:FederatedProvider": identity.provider.arn,
  };
}

function standardClaims({ provider: { url }, subject, audience, claims }: WebIdentity): ConditionValues {
  return { [`${url}:sub`]: subject, [`${url}:aud`]: audience, [`${url}:amr`]: textOf(claims.amr) };
}

function claimsOf(identity: WebIdentity): ConditionValues {
  const { url } = identity.provider;
  const own = Object.hasOwn(PROVIDER_CLAIMS, url) ? (PROVIDER_CLAIMS[url] ?? []) : [];
  return {
    ...standardClaims(identity),
    ...Object.fromEntries(own.map((claim) => [`${url}:${claim}`, textOf(identity.claims[claim])])),
  };
}

function textOf(claim: unknown): string | readonly string[] | undefined {
  if (Array.isArray(claim)) {
    return claim.map(String);
  }
  return claim === undefined || claim === null || typeof claim === "object" ? undefined : String(claim);
}
