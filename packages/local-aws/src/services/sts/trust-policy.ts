import { AwsError } from "../../core/aws-error.ts";
import type { Principal } from "../../core/credentials.ts";

/** What a caller wants to do under a role's trust policy. */
export interface TrustRequest {
  readonly action: "sts:AssumeRole";
  readonly principal: Principal;
  readonly sessionName: string;
  readonly externalId: string | undefined;
}

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Tells whether a role's trust policy lets an AWS principal assume it: some statement allows it and none denies it.
 *
 * @throws AwsError `NotImplemented` when the answer hangs on a condition that local AWS does not evaluate
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function trusts(document: string, request: TrustRequest): boolean {
  const { Statement } = JSON.parse(document) as { Statement?: unknown };
  const applying = (listOf(Statement) as Statement[]).filter(
    (statement) =>
      coversAction(statement, request.action) &&
      coversPrincipal(statement, request.principal) &&
      Object.entries(statement.Condition ?? {}).every(([operator, keys]) => holds(operator, keys, request)),
  );
  return applying.some(({ Effect }) => Effect === "Allow") && !applying.some(({ Effect }) => Effect === "Deny");
}

function coversAction({ Action, NotAction }: Statement, action: string): boolean {
  const matches = (pattern: unknown): boolean => like(String(pattern).toLowerCase(), action.toLowerCase());
  return Action === undefined ? !listOf(NotAction).some(matches) : listOf(Action).some(matches);
}

function coversPrincipal({ Principal: named, NotPrincipal: excepted }: Statement, principal: Principal): boolean {
  return named === undefined
    ? excepted !== undefined && !namesPrincipal(excepted, principal)
    : namesPrincipal(named, principal);
}

function namesPrincipal(element: unknown, principal: Principal): boolean {
  if (element === "*") {
    return true;
  }
  const names = typeof element === "object" && element !== null ? listOf((element as { AWS?: unknown }).AWS) : [];
  const { accountId, arn, roleArn } = principal;
  // The account stands for everybody in it who has the permission by a policy of their own.
  const known = ["*", accountId, `arn:aws:iam::${accountId}:root`, arn, roleArn];
  return names.some((name) => known.includes(String(name)));
}

function holds(operator: string, keys: Readonly<Record<string, unknown>>, request: TrustRequest): boolean {
  const known: Readonly<Record<string, string | undefined>> = {
    "sts:externalid": request.externalId,
    "sts:rolesessionname": request.sessionName,
    "aws:principalarn": request.principal.roleArn ?? request.principal.arn,
    "aws:principalaccount": request.principal.accountId,
    "aws:multifactorauthpresent": "false",
  };
  return Object.entries(keys).every(([key, expected]) => {
    const name = key.toLowerCase();
    if (!(name in known)) {
      throw cannotJudge(`the condition key ${key}`);
    }
    return compare(operator, known[name], listOf(expected).map(String));
  });
}

function compare(operator: string, value: string | undefined, expected: readonly string[]): boolean {
  switch (operator) {
    case "StringEquals":
    case "ArnEquals":
      return (
        value !== undefined && expected.some((one) => (operator === "ArnEquals" ? like(one, value) : one === value))
      );
    case "StringLike":
    case "ArnLike":
      return value !== undefined && expected.some((pattern) => like(pattern, value));
    case "StringNotEquals":
      return value === undefined || !expected.includes(value);
    case "StringNotLike":
      return value === undefined || !expected.some((pattern) => like(pattern, value));
    case "Bool":
      return value !== undefined && expected.some((one) => one.toLowerCase() === value);
    case "BoolIfExists":
      return value === undefined || expected.some((one) => one.toLowerCase() === value);
    default:
      throw cannotJudge(`the condition operator ${operator}`);
  }
}

function cannotJudge(what: string): AwsError {
  return new AwsError("NotImplemented", `Local AWS does not evaluate ${what} in trust policies yet.`, { status: 400 });
}

function like(pattern: string, value: string): boolean {
  const expression = pattern
    .replace(/[.+^$()|[\]{}\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "s").test(value);
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
