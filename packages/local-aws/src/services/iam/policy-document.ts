import { isConditionOperator } from "../../authorization/conditions.ts";
import { AwsError } from "../../core/aws-error.ts";
import { checkSharedProviders } from "./shared-providers.ts";

/** Where a policy stands, which decides what its statements must have. */
export type PolicyKind = "identity" | "trust";

/**
 * Checks the grammar of a policy document as IAM does on writing.
 * Source: "Grammar of the IAM JSON policy language", IAM User Guide.
 *
 * @throws AwsError `MalformedPolicyDocumentException`
 */
export function validatePolicyDocument(document: string, kind: PolicyKind): void {
  let policy: unknown;
  try {
    policy = JSON.parse(document);
  } catch {
    throw malformed("This policy contains invalid Json");
  }
  if (!isRecord(policy)) {
    throw malformed("Syntax errors in policy.");
  }
  const { Version: version, Statement: statement, ...unknown } = policy;
  const extra = Object.keys(unknown).find((key) => key !== "Id");
  if (extra !== undefined) {
    throw malformed(`Syntax errors in policy. Unknown element ${extra}.`);
  }
  if (version !== undefined && version !== "2012-10-17" && version !== "2008-10-17") {
    throw malformed(`The policy version must be 2012-10-17 or 2008-10-17, not ${JSON.stringify(version)}.`);
  }
  const statements = Array.isArray(statement) ? statement : statement === undefined ? [] : [statement];
  if (statements.length === 0) {
    throw malformed("Policy statement must contain at least one statement.");
  }
  const sids = new Set<string>();
  for (const item of statements) {
    validateStatement(item, kind, sids);
  }
}

const ELEMENTS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

function validateStatement(statement: unknown, kind: PolicyKind, sids: Set<string>): void {
  if (!isRecord(statement)) {
    throw malformed("Syntax errors in policy.");
  }
  const unknown = Object.keys(statement).find((key) => !ELEMENTS.includes(key));
  if (unknown !== undefined) {
    throw malformed(`Syntax errors in policy. Unknown element ${unknown} in a statement.`);
  }
  if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
    throw malformed(`Statement/effect must be 'Allow' or 'Deny', not ${JSON.stringify(statement.Effect ?? null)}.`);
  }
  const sid = statement.Sid;
  if (sid !== undefined && (typeof sid !== "string" || !/^[A-Za-z0-9]*$/.test(sid))) {
    throw malformed(
      "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
    );
  }
  if (sid !== undefined && sid !== "") {
    if (sids.has(sid)) {
      throw malformed("Statement IDs (SID) in a single policy must be unique.");
    }
    sids.add(sid);
  }
  const actions = exactlyOne(statement, "Action", "NotAction", "Policy statement must contain actions.");
  for (const action of actions) {
    if (action !== "*" && !/^[\w-]+:[\w*?-]+$/.test(action)) {
      throw malformed(`Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. Found '${action}'.`);
    }
  }
  const hasPrincipal = "Principal" in statement || "NotPrincipal" in statement;
  const hasResource = "Resource" in statement || "NotResource" in statement;
  if (kind === "identity") {
    if (hasPrincipal) {
      throw malformed("Policy document should not specify a principal.");
    }
    validateResources(exactlyOne(statement, "Resource", "NotResource", "Policy statement must contain resources."));
  } else {
    if (!hasPrincipal) {
      throw malformed("MissingPrincipal: a trust policy's statement must name a Principal.");
    }
    if (hasResource) {
      throw malformed("Has prohibited field Resource");
    }
    if ("NotPrincipal" in statement) {
      throw malformed("Has prohibited field NotPrincipal");
    }
  }
  validateCondition(statement.Condition);
  if (kind === "trust") {
    checkSharedProviders(statement);
  }
}

function validateCondition(condition: unknown): void {
  if (condition === undefined) {
    return;
  }
  if (!isRecord(condition)) {
    throw malformed("Syntax errors in policy. Condition must be an object.");
  }
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isConditionOperator(operator)) {
      throw malformed(`Invalid Condition type : ${operator}`);
    }
    if (!isRecord(keys)) {
      throw malformed(`Syntax errors in policy. Condition ${operator} must name its keys.`);
    }
  }
}

function validateResources(resources: readonly string[]): void {
  for (const resource of resources) {
    if (resource !== "*" && !resource.startsWith("arn:") && !resource.includes("${")) {
      throw malformed(`Resource ${resource} must be in ARN format or "*".`);
    }
  }
}

function exactlyOne(statement: Record<string, unknown>, name: string, not: string, message: string): string[] {
  if (name in statement && not in statement) {
    throw malformed(`Syntax errors in policy. A statement has ${name} or ${not}, not both.`);
  }
  const value = statement[name] ?? statement[not];
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  if (list.length === 0 || !list.every((item): item is string => typeof item === "string")) {
    throw malformed(message);
  }
  return list;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(message: string): AwsError {
  return new AwsError("MalformedPolicyDocumentException", message);
}
