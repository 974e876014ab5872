import type { ResourcePolicy } from "../../core/access.ts";
import type { AwsError } from "../../core/aws-error.ts";
import { invalid } from "./control-plane.ts";
import type { TableRecord } from "./table.ts";

/** Largest policy of a table in bytes, white space included. */
const MOST_BYTES = 20 * 1024;

/** A table's policy as the authorizer takes it: it may allow beside identity policies, and what it denies is denied. */
export function tablePolicy(arn: string, { resourcePolicy }: TableRecord): ResourcePolicy | undefined {
  return resourcePolicy === undefined
    ? undefined
    : { name: `resource policy of ${arn}`, document: resourcePolicy.document, mode: "sufficient" };
}

/**
 * Checks a policy that is to be attached to a table: statements with an effect, principals, actions of DynamoDB, and this table or
 * its indexes as the resource.
 *
 * @throws AwsError `ValidationException`
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html
 */
export function checkTablePolicy(arn: string, text: string): void {
  if (Buffer.byteLength(text) > MOST_BYTES) {
    throw invalid(`The policy is larger than the maximum of ${MOST_BYTES} bytes`);
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed("it is not valid JSON");
  }
  const statements = [(document as { Statement?: unknown } | null)?.Statement ?? []].flat();
  if (statements.length === 0) {
    throw malformed("it has no Statement");
  }
  for (const [place, statement] of statements.entries()) {
    checkStatement(arn, statement, `statement ${place}`);
  }
}

function checkStatement(arn: string, statement: unknown, where: string): void {
  const entry = (statement ?? {}) as Readonly<Record<string, unknown>>;
  if (entry.Effect !== "Allow" && entry.Effect !== "Deny") {
    throw malformed(`the Effect of ${where} is neither Allow nor Deny`);
  }
  if (entry.Principal === undefined && entry.NotPrincipal === undefined) {
    throw malformed(`${where} has no Principal`);
  }
  for (const action of required(entry.Action ?? entry.NotAction, "Action", where)) {
    if (!/^(\*|dynamodb:[\w*?]+)$/i.test(action)) {
      throw malformed(`the Action ${action} of ${where} is not one of DynamoDB`);
    }
  }
  for (const resource of required(entry.Resource ?? entry.NotResource, "Resource", where)) {
    if (resource !== "*" && resource !== arn && !resource.startsWith(`${arn}/`)) {
      throw malformed(`the Resource ${resource} of ${where} is neither ${arn} nor one of its indexes`);
    }
  }
}

/** One text or several, but not none. */
function required(value: unknown, element: string, where: string): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = values.filter((each) => typeof each === "string");
  if (texts.length === 0 || texts.length < values.length) {
    throw malformed(`${where} has no ${element}`);
  }
  return texts;
}

function malformed(reason: string): AwsError {
  return invalid(`The policy is malformed: ${reason}`);
}
