import type { AddPermissionRequest } from "@aws-sdk/client-lambda";
import type { PolicyStatement } from "./function-records.ts";
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

/** A service that invokes a function for one of its resources. */
export interface InvokingService {
  /** `apigateway.amazonaws.com` */
  readonly service: string;
  readonly arn: string;
  readonly accountId: string;
}

/** Whether a resource policy lets a service invoke the function. */
export function allowsService(statements: readonly PolicyStatement[], source: InvokingService): boolean {
  return statements.some(
    (statement) =>
      isPrincipal(statement.Principal, source.service) &&
      ["lambda:invokefunction", "lambda:*", "*"].includes(statement.Action.toLowerCase()) &&
      meets(statement.Condition ?? {}, source),
  );
}

function isPrincipal(principal: PolicyStatement["Principal"], service: string): boolean {
  return principal === "*" || ("Service" in principal && principal.Service === service);
}

function meets(condition: NonNullable<PolicyStatement["Condition"]>, source: InvokingService): boolean {
  return Object.entries(condition).every(([operator, members]) =>
    Object.entries(members).every(([key, wanted]) => {
      switch (`${operator} ${key}`) {
        case "ArnLike AWS:SourceArn":
          return arnLike(wanted, source.arn);
        case "StringEquals AWS:SourceAccount":
          return wanted === source.accountId;
        default:
          // Services send no organization, token or function URL: a condition on one is not met.
          return false;
      }
    }),
  );
}

/**
 * `ArnLike`: each of the six parts of an ARN is compared on its own; `*` stands for any characters, `?` for one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnLike(pattern: string, arn: string): boolean {
  const wanted = parts(pattern);
  const given = parts(arn);
  return wanted.length === given.length && wanted.every((part, index) => wildcard(part).test(given[index] ?? ""));
}

function parts(arn: string): string[] {
  const split = arn.split(":");
  return [...split.slice(0, 5), split.slice(5).join(":")];
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
}
