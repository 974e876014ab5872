import type { StatementFault } from "./judge-policy.ts";
import { matchesAction } from "./matches-action.ts";
import { demandedValues, narrows } from "./narrowing.ts";
import type { PolicyStatement } from "./policy-document.ts";

/** Cognito's identity pools call the subject's pool `aud`, and say in `amr` whether anybody logged in. */
const SUBJECTS: Readonly<Record<string, string>> = { "cognito-identity.amazonaws.com": "amr" };

/**
 * Whose tokens of an OpenID Connect provider may assume a role. A provider gives tokens to all of its users; a token is ours by its
 * audience and its subject.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html#oidc-controls
 */
export function judgeWebIdentity(statement: PolicyStatement): StatementFault[] {
  if (!statement.actions.some((action) => matchesAction(action, "sts:AssumeRoleWithWebIdentity"))) {
    return [];
  }
  return statement.principals
    .filter(({ type }) => type === "Federated")
    .flatMap(({ id }) => judgeIssuer(statement, id));
}

function judgeIssuer(statement: PolicyStatement, principal: string): StatementFault[] {
  const issuer = /:oidc-provider\/(.+)$/.exec(principal)?.[1] ?? principal;
  const faults: StatementFault[] = [];
  const audience = `${issuer}:aud`;
  if (!narrows(statement, (key) => key === audience.toLowerCase())) {
    faults.push({
      id: "iam.web-identity-audience",
      severity: "high",
      reason: `It does not demand ${audience}: tokens that ${issuer} made for somebody else's service open this role, too.`,
      next: `demand StringEquals ${audience}, such as sts.amazonaws.com`,
    });
  }
  const claim = `${issuer}:${SUBJECTS[issuer] ?? "sub"}`;
  const subjects = demandedValues(statement, claim);
  if (subjects === undefined || subjects.length === 0) {
    faults.push({
      id: "iam.web-identity-subject",
      severity: "high",
      reason: `It does not demand ${claim}: every user of ${issuer} can assume this role.`,
      next: `demand StringEquals ${claim} with the whole subject`,
    });
  }
  for (const subject of subjects ?? []) {
    const at = subject.search(/[*?]/);
    if (at >= 0) {
      // `repo:owner/name:` is whose it is; what comes after it, only when.
      const isOthers = subject.slice(0, at).split(":").length < 3;
      faults.push({
        id: "iam.web-identity-subject",
        severity: isOthers ? "high" : "medium",
        reason: `The subject ${subject} has a wildcard: ${isOthers ? "others than the one who is meant match it" : "it matches every branch, environment or event that fits"}.`,
        next: "write whole subjects, one for each case, with StringEquals",
      });
    }
  }
  return faults;
}
