import { invalidAttributeValue } from "./sqs-errors.ts";

const LARGEST_POLICY = 8192;
/** Statements, principals and actions that one policy may have. */
const MOST_STATEMENTS = 20;
const ACTION = /^(\*|sqs:[A-Za-z*?]+)$/i;
const PRINCIPAL_KINDS = ["AWS", "Service", "Federated", "CanonicalUser"];
const AWS_PRINCIPAL = /^(\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::.+|A(ROA|IDA)[A-Z0-9]+)$/;

/**
 * Checks the grammar of a queue's policy as SQS does when it is set.
 *
 * @throws AwsError `InvalidAttributeValue` with what is wrong
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
export function validateQueuePolicy(text: string): void {
  if (Buffer.byteLength(text) > LARGEST_POLICY) {
    throw malformed(`It is longer than ${LARGEST_POLICY} bytes.`);
  }
  const policy = parse(text);
  const version = policy.Version;
  if (version !== undefined && version !== "2012-10-17" && version !== "2008-10-17") {
    throw malformed(`Its Version is ${JSON.stringify(version)}, neither 2012-10-17 nor 2008-10-17.`);
  }
  const statements = listOf(policy.Statement);
  if (statements.length === 0) {
    throw malformed("It has no Statement.");
  }
  if (statements.length > MOST_STATEMENTS) {
    throw malformed(`It has more than ${MOST_STATEMENTS} statements.`);
  }
  for (const statement of statements) {
    checkStatement(statement);
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    const policy: unknown = JSON.parse(text);
    if (isRecord(policy)) {
      return policy;
    }
  } catch {
    // Told below, together with documents that are JSON but no object.
  }
  throw malformed("It is not a JSON object.");
}

function checkStatement(statement: unknown): void {
  if (!isRecord(statement)) {
    throw malformed("A statement is not an object.");
  }
  if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
    throw malformed("The Effect of a statement is neither Allow nor Deny.");
  }
  exactlyOne(statement, "Principal");
  exactlyOne(statement, "Action");
  if (Object.hasOwn(statement, "Resource") && Object.hasOwn(statement, "NotResource")) {
    throw malformed("Resource and NotResource of a statement exclude each other.");
  }
  const actions = listOf(statement.Action ?? statement.NotAction);
  if (actions.length === 0 || !actions.every((action) => typeof action === "string" && ACTION.test(action))) {
    throw malformed("A statement has an action that is not one of SQS.");
  }
  checkPrincipal(statement.Principal ?? statement.NotPrincipal);
  if (statement.Condition !== undefined && !isRecord(statement.Condition)) {
    throw malformed("The Condition of a statement is not an object.");
  }
}

function checkPrincipal(principal: unknown): void {
  if (principal === "*") {
    return;
  }
  if (!isRecord(principal) || Object.keys(principal).length === 0) {
    throw malformed("The Principal of a statement is neither * nor an object.");
  }
  for (const [kind, names] of Object.entries(principal)) {
    const valid = listOf(names).every(
      (name) => typeof name === "string" && (kind !== "AWS" || AWS_PRINCIPAL.test(name)),
    );
    if (!PRINCIPAL_KINDS.includes(kind) || !valid) {
      throw malformed(`A statement has an invalid principal of kind ${kind}.`);
    }
  }
}

function exactlyOne(statement: Record<string, unknown>, name: string): void {
  const given = [name, `Not${name}`].filter((field) => Object.hasOwn(statement, field));
  if (given.length !== 1) {
    throw malformed(
      given.length === 0 ? `A statement has no ${name}.` : `${given.join(" and ")} of a statement exclude each other.`,
    );
  }
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(detail: string) {
  return invalidAttributeValue("Policy", detail);
}
