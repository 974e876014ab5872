import { compilePolicy } from "../authorization/compile-policy.ts";
import { isConditionOperator } from "../authorization/conditions.ts";
import { ContextValues, type PrincipalFacts } from "../authorization/context-values.ts";
import { evaluate } from "../authorization/evaluate.ts";

/** What a policy is asked: may this caller invoke this method? */
export interface InvokeQuestion {
  /** `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}/{path}`. */
  readonly resource: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  readonly time: number;
}

/** What it answers; `none` where no statement applies. */
export type Decision = "allow" | "deny" | "none";

/** Thrown for a policy document that is malformed. */
export class InvokePolicyError extends Error {
  override readonly name = "InvokePolicyError";
}

/** A policy about `execute-api:Invoke`, compiled. */
export type InvokePolicy = (question: InvokeQuestion) => Decision;

/** Who calls is for the authorizer to know: its policy names nobody. */
const CALLER: PrincipalFacts = {
  type: "Anonymous",
  arn: "anonymous",
  principalArn: "anonymous",
  userId: "anonymous",
  accountId: "anonymous",
  tags: {},
};

/**
 * Compiles the policy document that a Lambda authorizer returns. It is the API's own, so that it holds with `--no-iam`, too.
 *
 * Source: Amazon API Gateway developer guide, "Output from an API Gateway Lambda authorizer".
 *
 * @throws InvokePolicyError
 */
export function compileInvokePolicy(document: unknown): InvokePolicy {
  if (!isMap(document) || document.Statement === undefined) {
    throw new InvokePolicyError("The policy document has no Statement.");
  }
  for (const statement of [document.Statement].flat()) {
    checkStatement(statement);
  }
  const identity = [{ name: "policy of the authorizer", policy: compilePolicy(JSON.stringify(document)) }];
  return ({ resource, sourceIp, userAgent, time }) => {
    const [, , , region = "", accountId = ""] = resource.split(":");
    const request = { remoteAddress: sourceIp, userAgent };
    const decision = evaluate({
      principal: CALLER,
      need: { action: "execute-api:Invoke", resource },
      context: new ContextValues(CALLER, { now: time, region, accountId, request }),
      identity,
    });
    return decision.allowed ? "allow" : decision.denial === "explicit" ? "deny" : "none";
  };
}

function checkStatement(statement: unknown): void {
  if (!isMap(statement) || (statement.Effect !== "Allow" && statement.Effect !== "Deny")) {
    throw new InvokePolicyError("A policy statement needs an Effect of Allow or Deny.");
  }
  checkTexts(statement.Action ?? statement.NotAction, "Action");
  checkTexts(statement.Resource ?? statement.NotResource, "Resource");
  const { Condition: condition = {} } = statement;
  if (!isMap(condition)) {
    throw new InvokePolicyError("A policy's Condition must be a map.");
  }
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isMap(keys)) {
      throw new InvokePolicyError(`The condition ${operator} must be a map.`);
    }
    if (!isConditionOperator(operator)) {
      throw new InvokePolicyError(`The policy's condition operator ${operator} is not one of IAM's.`);
    }
    for (const [key, values] of Object.entries(keys)) {
      checkTexts(values, key);
    }
  }
}

function checkTexts(value: unknown, member: string): void {
  const texts = [value].flat();
  if (texts.length === 0 || !texts.every((text) => ["string", "boolean", "number"].includes(typeof text))) {
    throw new InvokePolicyError(`The policy's ${member} must be text or a list of texts.`);
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
