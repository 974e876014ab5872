import type { AddPermissionRequest } from "@aws-sdk/client-lambda";
import type { ResourcePolicy } from "../../core/access.ts";
import type { PolicyStatement } from "./function-records.ts";
import type { FunctionView } from "./function-store.ts";
import { invalidMember } from "./lambda-errors.ts";

/** Largest resource policy, in bytes. */
export const MAX_POLICY_BYTES = 20_480;

/** A resource policy as Lambda writes it. */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });
}

/**
 * The statement that `AddPermission` makes. https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 *
 * @throws AwsError when a member is missing or malformed
 */
export function newStatement(input: AddPermissionRequest, resource: string): PolicyStatement {
  const { StatementId, Action, Principal } = input;
  if (StatementId === undefined || !/^[a-zA-Z0-9_-]{1,100}$/.test(StatementId)) {
    throw invalidMember(
      "statementId",
      StatementId ?? "null",
      "Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)",
    );
  }
  if (Action === undefined || !/^(lambda:\*|lambda:[a-zA-Z]+|\*)$/.test(Action)) {
    throw invalidMember(
      "action",
      Action ?? "null",
      "Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])",
    );
  }
  if (Principal === undefined || !/^[^\s]+$/.test(Principal)) {
    throw invalidMember("principal", Principal ?? "null", "Member must satisfy regular expression pattern: [^\\s]+");
  }
  const equal: Record<string, string> = {
    ...(input.SourceAccount === undefined ? {} : { "AWS:SourceAccount": input.SourceAccount }),
    ...(input.PrincipalOrgID === undefined ? {} : { "aws:PrincipalOrgID": input.PrincipalOrgID }),
    ...(input.EventSourceToken === undefined ? {} : { "lambda:EventSourceToken": input.EventSourceToken }),
    ...(input.FunctionUrlAuthType === undefined ? {} : { "lambda:FunctionUrlAuthType": input.FunctionUrlAuthType }),
  };
  const condition: Record<string, Record<string, string>> = {
    ...(Object.keys(equal).length === 0 ? {} : { StringEquals: equal }),
    ...(input.InvokedViaFunctionUrl === undefined
      ? {}
      : { Bool: { "lambda:InvokedViaFunctionUrl": String(input.InvokedViaFunctionUrl) } }),
    ...(input.SourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": input.SourceArn } }),
  };
  return {
    Sid: StatementId,
    Effect: "Allow",
    Principal: principalOf(Principal),
    Action,
    Resource: resource,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

function principalOf(principal: string): PolicyStatement["Principal"] {
  if (principal === "*") {
    return "*";
  }
  if (/^\d{12}$/.test(principal)) {
    return { AWS: `arn:aws:iam::${principal}:root` };
  }
  return principal.startsWith("arn:") ? { AWS: principal } : { Service: principal };
}

const policies = new WeakMap<readonly PolicyStatement[], ResourcePolicy>();

/**
 * The resource policy of a function, version or alias, for decisions; `undefined` where it has none. Statements never change in
 * place, so each list of them is written out once, not for every invocation.
 *
 * @param arn - with the qualifier
 */
export function functionPolicy(
  view: FunctionView,
  qualifier: string | undefined,
  arn: string,
): ResourcePolicy | undefined {
  const statements = view.policies.get(qualifier ?? "");
  if (statements === undefined) {
    return undefined;
  }
  let policy = policies.get(statements);
  if (policy === undefined) {
    policy = { name: `resource policy of ${arn}`, document: policyDocument(statements), mode: "sufficient" };
    policies.set(statements, policy);
  }
  return policy;
}
