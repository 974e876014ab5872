import type { JudgedPolicy, StatementFault } from "./judge-policy.ts";
import { isOwnKeyDelegation } from "./judge-reach.ts";
import { judgeWebIdentity } from "./judge-web-identity.ts";
import { narrows } from "./narrowing.ts";
import type { PolicyPrincipal, PolicyStatement } from "./policy-document.ts";

/** Who is let in by a resource's policy or a role's trust policy. */
export function judgePrincipals(statement: PolicyStatement, policy: JudgedPolicy): StatementFault[] {
  if (statement.effect === "Deny" || policy.kind === "identity") {
    return [];
  }
  return [
    ...judgeEverybody(statement),
    ...judgeAccounts(statement, policy),
    ...judgeServices(statement, policy),
    ...(policy.kind === "trust" ? judgeWebIdentity(statement) : []),
  ];
}

function judgeEverybody(statement: PolicyStatement): StatementFault[] {
  const everybody = statement.principals.some(({ type, id }) => /^[*]+$/.test(id) || type === "*");
  return everybody && !narrows(statement, namesCaller)
    ? [
        {
          id: "iam.public-principal",
          severity: "high",
          reason:
            "Principal * without a condition that says who: everybody in the world, with an AWS account or without.",
          next: "name the principal, or demand aws:PrincipalOrgID, aws:SourceArn or aws:SourceAccount",
        },
      ]
    : [];
}

/** A whole account is as much as its most careless policy. */
function judgeAccounts(statement: PolicyStatement, policy: JudgedPolicy): StatementFault[] {
  if (isOwnKeyDelegation(statement, policy) || narrows(statement, namesCaller)) {
    return [];
  }
  return statement.principals.flatMap((principal) => {
    const account = accountOf(principal);
    if (account === undefined || (policy.kind === "key" && policy.account === undefined)) {
      return [];
    }
    const isForeign = policy.account !== undefined && policy.account !== account;
    return [
      {
        id: "iam.trusts-account",
        severity: isForeign ? "high" : "low",
        reason: `It lets in all of ${isForeign ? "another account" : "account"} ${account}: whoever a policy over there allows it.`,
        next: "name the roles or users, or demand aws:PrincipalArn",
      } satisfies StatementFault,
    ];
  });
}

function accountOf({ type, id }: PolicyPrincipal): string | undefined {
  return type === "AWS" ? /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(id)?.[1] : undefined;
}

/**
 * A service works for every customer of AWS: without the source, it can be sent here by any of them.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
function judgeServices(statement: PolicyStatement, { kind }: JudgedPolicy): StatementFault[] {
  // Roles: a service assumes them only where somebody with iam:PassRole has given it the role.
  const services = kind === "trust" ? [] : statement.principals.filter(({ type }) => type === "Service");
  if (services.length === 0 || narrows(statement, namesSource)) {
    return [];
  }
  return [
    {
      id: "iam.service-without-source",
      severity: "medium",
      reason: `${services.map(({ id }) => id).join(", ")} may use it for anybody: the service can be made to by somebody of another account.`,
      next: "demand aws:SourceArn, or aws:SourceAccount",
    },
  ];
}

function namesSource(key: string): boolean {
  return /^(aws:sourcearn|aws:sourceaccount|aws:sourceorgid|aws:sourceorgpaths|kms:encryptioncontext:.+|kms:calleraccount)$/.test(
    key,
  );
}

function namesCaller(key: string): boolean {
  return (
    namesSource(key) ||
    /^(aws:principalarn|aws:principalaccount|aws:principalorgid|aws:principalorgpaths|aws:sourcevpc|aws:sourcevpce|aws:sourceip|aws:sourceowner|aws:userid|sts:externalid|sns:endpoint)$/.test(
      key,
    )
  );
}
