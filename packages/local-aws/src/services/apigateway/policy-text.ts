import type { Core } from "../../core/core.ts";
import { badRequest } from "./api-state.ts";

/**
 * The resource policy of an API as API Gateway keeps it: valid JSON, with the short form of resources
 * (`execute-api:/stage/GET/path`) expanded to full ARNs. Nothing for an empty text, which removes the policy.
 *
 * Source: Amazon API Gateway developer guide, "Access policy language overview": `execute-api:/` is completed when the policy is saved.
 *
 * @throws AwsError `BadRequestException` when it is not a policy document
 */
export function normalizePolicy(policy: string | undefined, core: Core, apiId: string): string | undefined {
  if (policy === undefined || policy === "") {
    return undefined;
  }
  const document = parse(policy);
  for (const statement of [document.Statement].flat()) {
    for (const member of ["Resource", "NotResource"] as const) {
      const value = statement[member];
      if (value !== undefined) {
        statement[member] = Array.isArray(value)
          ? value.map((resource) => expand(String(resource), core, apiId))
          : expand(String(value), core, apiId);
      }
    }
  }
  return JSON.stringify(document);
}

interface PolicyDocument {
  readonly Statement: Statement | Statement[];
}
type Statement = Record<"Resource" | "NotResource" | "Effect", unknown>;

function parse(policy: string): PolicyDocument {
  let document: unknown;
  try {
    document = JSON.parse(policy);
  } catch {
    document = undefined;
  }
  if (!isPolicy(document)) {
    throw badRequest("Invalid policy document. Please check the policy syntax and ensure that Principals are valid.");
  }
  return document;
}

function isPolicy(document: unknown): document is PolicyDocument {
  if (typeof document !== "object" || document === null || !("Statement" in document)) {
    return false;
  }
  const statements = [document.Statement].flat();
  return statements.every(
    (statement) =>
      typeof statement === "object" &&
      statement !== null &&
      "Effect" in statement &&
      (statement.Effect === "Allow" || statement.Effect === "Deny"),
  );
}

function expand(resource: string, core: Core, apiId: string): string {
  const short = /^execute-api:\/?(.*)$/.exec(resource);
  return short === null ? resource : `arn:aws:execute-api:${core.region}:${core.accountId}:${apiId}/${short[1]}`;
}

/**
 * A policy as API Gateway puts it into answers: escaped once more, slashes included (`{\"Resource\":\"arn:...\/*\"}`), so that
 * clients must unescape it before they parse it.
 */
export function escapePolicy(policy: string): string {
  return JSON.stringify(policy).slice(1, -1).replaceAll("/", "\\/");
}
