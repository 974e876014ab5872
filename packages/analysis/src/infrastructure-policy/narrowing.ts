import type { PolicyCondition, PolicyStatement } from "./policy-document.ts";

/**
 * Whether a statement's conditions demand a value for one of the keys, so that it does not hold for just anybody or anything.
 *
 * Not those that are also true where the request has no such key: `...IfExists`, `ForAllValues:`, and every `Not` operator;
 * and not a bare `*`.
 *
 * @param isKey gets the key in lower case
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function narrows(statement: PolicyStatement, isKey: (key: string) => boolean): boolean {
  return statement.conditions.some((condition) => isKey(condition.key.toLowerCase()) && demandsValue(condition));
}

/** The values that a condition demands for a key; undefined when no condition demands any. */
export function demandedValues(statement: PolicyStatement, key: string): readonly string[] | undefined {
  const found = statement.conditions.filter(
    (condition) => condition.key.toLowerCase() === key.toLowerCase() && hasDemandingOperator(condition),
  );
  return found.length === 0 ? undefined : found.flatMap(({ values }) => values);
}

function demandsValue(condition: PolicyCondition): boolean {
  const { values } = condition;
  return (
    hasDemandingOperator(condition) &&
    values.length > 0 &&
    !values.some((value) => EVERYTHING.test(value) || value === "")
  );
}

const EVERYTHING = /^([*?]+|0\.0\.0\.0\/0|::\/0)$/;

const DEMANDING = /^(string(equals|equalsignorecase|like)|arn(equals|like)|numericequals|bool|ipaddress)$/;

function hasDemandingOperator({ operator }: PolicyCondition): boolean {
  return DEMANDING.test(operator.toLowerCase().replace(/^foranyvalue:/, ""));
}

/**
 * Whether a resource of a statement is everything, or every resource of its type: `*`, `arn:aws:kms:*:1:key/*`,
 * `arn:aws:s3:::*`. Everything below one bucket, table or function is not.
 */
export function isWholeType(resource: string): boolean {
  if (/^[*?]+$/.test(resource)) {
    return true;
  }
  const [, , service = "", , , ...rest] = resource.split(":");
  const name = rest.join(":");
  if (service.includes("*")) {
    return true;
  }
  if (service === "s3") {
    return /^\*/.test(name);
  }
  return /^\/?([A-Za-z-]+[:/])?\*+(:\*+)?$/.test(name);
}
