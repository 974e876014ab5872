import type { Core } from "../../core/core.ts";
import type { RoleDirectory, RoleRecord } from "../../core/ports.ts";
import { invalidParameter } from "./lambda-errors.ts";

const NOT_ASSUMABLE = "The role defined for the function cannot be assumed by Lambda.";

/**
 * Finds a function's execution role and checks that its trust policy lets Lambda assume it.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 *
 * @throws AwsError `InvalidParameterValueException` when there is no such role or it does not trust lambda.amazonaws.com
 */
export function requireExecutionRole(core: Pick<Core, "accountId">, roles: RoleDirectory, roleArn: string): RoleRecord {
  const role = roleArn.startsWith(`arn:aws:iam::${core.accountId}:`) ? roles.findRole(roleArn) : undefined;
  if (role === undefined || !trustsLambda(role.assumeRolePolicyDocument)) {
    throw invalidParameter(NOT_ASSUMABLE);
  }
  return role;
}

function trustsLambda(document: string): boolean {
  let parsed: { Statement?: unknown };
  try {
    parsed = JSON.parse(document) as { Statement?: unknown };
  } catch {
    return false;
  }
  const names = (effect: string) =>
    list(parsed.Statement).some((statement) => {
      const { Effect, Action, Principal } = statement as { Effect?: string; Action?: unknown; Principal?: unknown };
      const services = Principal === "*" ? ["*"] : list((Principal as { Service?: unknown } | undefined)?.Service);
      return (
        Effect === effect &&
        services.some((service) => service === "lambda.amazonaws.com" || service === "*") &&
        list(Action).some((action) => ["sts:assumerole", "sts:*", "*"].includes(String(action).toLowerCase()))
      );
    });
  return names("Allow") && !names("Deny");
}

function list(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
