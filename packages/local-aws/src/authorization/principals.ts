import type { PrincipalFacts } from "./context-values.ts";
import { textsOf } from "./texts-of.ts";

/**
 * How a `Principal` element names somebody: not at all, by the whole account (which hands the decision to identity policies), by the
 * role, or as the one who asks: the very session, the user, or everybody. What a policy gives to a role is limited by a boundary and
 * session policies; what it gives to the one who asks is not.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-eval-logic
 */
export type PrincipalMatch = "none" | "account" | "role" | "direct";

/** A `Principal` or `NotPrincipal` element. */
export interface PrincipalElement {
  match(principal: PrincipalFacts): PrincipalMatch;
  /** True for `NotPrincipal`. */
  readonly isNegated: boolean;
}

/**
 * Compiles the principals of a statement; `undefined` where it has none, as in identity policies.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function compilePrincipals(statement: Readonly<Record<string, unknown>>): PrincipalElement | undefined {
  if (statement.Principal !== undefined) {
    const element = statement.Principal;
    return { match: (principal) => matchElement(element, principal), isNegated: false };
  }
  if (statement.NotPrincipal !== undefined) {
    const element = statement.NotPrincipal;
    // An Allow for everybody but somebody is what AWS no longer supports.
    const isExcepted = statement.Effect === "Deny" ? isExceptedFromDenial : () => true;
    return { match: (principal) => (isExcepted(element, principal) ? "none" : "direct"), isNegated: true };
  }
  return undefined;
}

/**
 * A Deny with `NotPrincipal` is checked against the account, too, and whoever is in an account that is denied is denied. So a user or
 * role is let off only where the element names the account beside it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function isExceptedFromDenial(element: unknown, principal: PrincipalFacts): boolean {
  const matches = matchesOf(element, principal);
  const isItself = matches.some((match) => match === "role" || match === "direct");
  const needsAccount = principal.type === "User" || principal.type === "AssumedRole";
  return isItself && (!needsAccount || element === "*" || matches.includes("account"));
}

function matchElement(element: unknown, principal: PrincipalFacts): PrincipalMatch {
  return matchesOf(element, principal).reduce<PrincipalMatch>(strongerMatch, "none");
}

/** How each name of an element matches. */
function matchesOf(element: unknown, principal: PrincipalFacts): readonly PrincipalMatch[] {
  if (element === "*") {
    return ["direct"];
  }
  if (typeof element !== "object" || element === null) {
    return [];
  }
  const { AWS, Service, Federated } = element as Readonly<Record<string, unknown>>;
  if (principal.type === "Service") {
    if (textsOf(Service).some((name) => name === principal.service || name === "*")) {
      return ["direct"];
    }
  } else if (principal.type === "FederatedUser") {
    return textsOf(Federated).includes(principal.arn) ? ["direct"] : [];
  }
  return textsOf(AWS).map((name) => matchName(name, principal));
}

const RANK: Readonly<Record<PrincipalMatch, number>> = { none: 0, account: 1, role: 2, direct: 3 };

/** The stronger of two. */
export function strongerMatch(one: PrincipalMatch, other: PrincipalMatch): PrincipalMatch {
  return RANK[other] > RANK[one] ? other : one;
}

function matchName(name: string, principal: PrincipalFacts): PrincipalMatch {
  if (name === "*") {
    return "direct";
  }
  if (principal.type === "Service" || principal.type === "Anonymous") {
    return "none";
  }
  const { arn, principalArn, accountId, userId } = principal;
  if (name === accountId || (name.endsWith(`::${accountId}:root`) && name.startsWith("arn:"))) {
    return "account";
  }
  if (name === arn) {
    return "direct";
  }
  // Unique ids stay in a policy when what they name is deleted: they name nobody who comes later under the same name.
  if (name !== principalArn && name !== userId.split(":")[0]) {
    return "none";
  }
  return principal.type === "AssumedRole" ? "role" : "direct";
}
