import type { PrincipalFacts } from "./context-values.ts";

/**
 * How a `Principal` element names somebody: not at all, by the whole account (which hands the decision to identity policies), by the
 * user or role, or by the very session.
 */
export type PrincipalMatch = "none" | "account" | "identity" | "session";

/** A `Principal` or `NotPrincipal` element. */
export interface PrincipalElement {
  match(principal: PrincipalFacts): PrincipalMatch;
}

/**
 * Compiles the principals of a statement; `undefined` where it has none, as in identity policies.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function compilePrincipals(statement: Readonly<Record<string, unknown>>): PrincipalElement | undefined {
  if (statement.Principal !== undefined) {
    const element = statement.Principal;
    return { match: (principal) => matchElement(element, principal) };
  }
  if (statement.NotPrincipal !== undefined) {
    const element = statement.NotPrincipal;
    // Everybody who is not named, by any of their names.
    return { match: (principal) => (matchElement(element, principal) === "none" ? "identity" : "none") };
  }
  return undefined;
}

function matchElement(element: unknown, principal: PrincipalFacts): PrincipalMatch {
  if (element === "*") {
    return "identity";
  }
  if (typeof element !== "object" || element === null) {
    return "none";
  }
  const { AWS, Service, Federated } = element as Readonly<Record<string, unknown>>;
  if (principal.type === "Service") {
    if (textsOf(Service).some((name) => name === principal.service || name === "*")) {
      return "identity";
    }
  } else if (principal.type === "FederatedUser") {
    return textsOf(Federated).includes(principal.arn) ? "identity" : "none";
  }
  const matches = textsOf(AWS).map((name) => matchName(name, principal));
  return matches.reduce<PrincipalMatch>((best, one) => (RANK[one] > RANK[best] ? one : best), "none");
}

const RANK: Readonly<Record<PrincipalMatch, number>> = { none: 0, account: 1, identity: 2, session: 3 };

function matchName(name: string, principal: PrincipalFacts): PrincipalMatch {
  if (name === "*") {
    return "identity";
  }
  if (principal.type === "Service" || principal.type === "Anonymous") {
    return "none";
  }
  const { arn, principalArn, accountId, userId } = principal;
  if (name === accountId || (name.endsWith(`::${accountId}:root`) && name.startsWith("arn:"))) {
    return "account";
  }
  if (principal.type === "AssumedRole" && name === arn) {
    return "session";
  }
  // Unique ids stay in a policy when what they name is deleted: they name nobody who comes later under the same name.
  return name === principalArn || name === arn || name === userId.split(":")[0] ? "identity" : "none";
}

function textsOf(value: unknown): readonly string[] {
  return value === undefined || value === null ? [] : (Array.isArray(value) ? value : [value]).map(String);
}
