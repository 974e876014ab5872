import { AwsError } from "../../core/aws-error.ts";
import type { Principal } from "../../core/credentials.ts";

/** Longest key policy, in bytes. */
const LARGEST_POLICY = 32 * 1024;

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
}

/**
 * Checks a key policy, and that the caller could change it again afterwards.
 *
 * @param bypassLockoutCheck - leaves out the second check
 * @throws AwsError `MalformedPolicyDocumentException` or `LimitExceededException`
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
 */
export function checkKeyPolicy(document: string, principal: Principal, bypassLockoutCheck: boolean): void {
  if (Buffer.byteLength(document) > LARGEST_POLICY) {
    throw new AwsError("LimitExceededException", "The key policy is longer than 32768 bytes.");
  }
  const statements = parse(document);
  for (const { Effect, Principal: named, NotPrincipal, Action, NotAction, Resource, NotResource } of statements) {
    if (Effect !== "Allow" && Effect !== "Deny") {
      throw malformed("The Effect of a statement must be Allow or Deny.");
    }
    if ((named === undefined) === (NotPrincipal === undefined)) {
      throw malformed("A statement of a key policy needs a Principal.");
    }
    const actions = listOf(Action ?? NotAction);
    if (actions.length === 0 || actions.some((action) => !/^(\*|kms:[\w*?]+)$/i.test(String(action)))) {
      throw malformed("The actions of a key policy must be kms: actions.");
    }
    if (listOf(Resource ?? NotResource).length === 0) {
      throw malformed("A statement of a key policy needs a Resource.");
    }
  }
  const keepsControl = statements.some(
    ({ Effect, Principal: named, Action }) =>
      Effect === "Allow" &&
      namesCaller(named, principal) &&
      listOf(Action).some((action) => like(String(action).toLowerCase(), "kms:putkeypolicy")),
  );
  if (!keepsControl && !bypassLockoutCheck) {
    throw malformed("The new key policy will not allow you to update the key policy in the future.");
  }
}

function parse(document: string): readonly Statement[] {
  let policy: unknown;
  try {
    policy = JSON.parse(document);
  } catch {
    throw malformed("Policy contains invalid JSON.");
  }
  const statements = listOf((policy as { Statement?: unknown } | null)?.Statement);
  if (statements.length === 0 || statements.some((one) => typeof one !== "object" || one === null)) {
    throw malformed("Policy contains no statement.");
  }
  return statements as Statement[];
}

function namesCaller(element: unknown, { accountId, arn, roleArn }: Principal): boolean {
  if (element === "*") {
    return true;
  }
  const names = typeof element === "object" && element !== null ? listOf((element as { AWS?: unknown }).AWS) : [];
  const covering = ["*", accountId, `arn:aws:iam::${accountId}:root`, arn, roleArn];
  return names.some((name) => covering.includes(String(name)));
}

function like(pattern: string, value: string): boolean {
  return new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(value);
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function malformed(message: string): AwsError {
  return new AwsError("MalformedPolicyDocumentException", message);
}
