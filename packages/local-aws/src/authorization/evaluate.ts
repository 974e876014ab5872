import type { AccessDecision, AccessNeed, PolicyKind, StatementReference } from "../core/access.ts";
import type { CompiledPolicy, CompiledStatement } from "./compile-policy.ts";
import type { ContextValues, PrincipalFacts } from "./context-values.ts";
import { type PrincipalMatch, strongerMatch } from "./principals.ts";

/** A compiled policy with its name for traces. */
export interface BoundPolicy {
  readonly name: string;
  readonly policy: CompiledPolicy;
}

/** Everything that bears on one decision. */
export interface Evaluation {
  readonly principal: PrincipalFacts;
  readonly need: AccessNeed;
  readonly context: ContextValues;
  readonly identity: readonly BoundPolicy[];
  readonly boundary?: BoundPolicy;
  /** Session policies; where there are any, one of them must allow, too. */
  readonly session?: readonly BoundPolicy[];
  readonly resource?: BoundPolicy & { readonly mode: "sufficient" | "required" };
}

/** What one set of policies says. */
interface Opinion {
  readonly allows: readonly StatementReference[];
  readonly denies: readonly StatementReference[];
}

/** What a resource's policy says, and whom its Allow names. */
interface ResourceOpinion extends Opinion {
  readonly match: PrincipalMatch;
}

const NO_OPINION: ResourceOpinion = { allows: [], denies: [], match: "none" };

/**
 * Decides as AWS does within one account: an explicit denial anywhere wins; then a resource's policy may allow by itself, or must
 * consent; then identity policies, boundary and session policies must all allow.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function evaluate(evaluation: Evaluation): AccessDecision {
  const { identity, boundary, session, resource } = evaluation;
  const byResource = resource === undefined ? NO_OPINION : askResource(resource, evaluation);
  const byIdentity = ask(identity, evaluation);
  const byBoundary = boundary === undefined ? undefined : ask([boundary], evaluation);
  const bySession = session === undefined ? undefined : ask(session, evaluation);
  const opinions: readonly (readonly [PolicyKind, Opinion | undefined])[] = [
    ["identity-based policy", byIdentity],
    ["resource-based policy", byResource],
    ["permissions boundary", byBoundary],
    ["session policy", bySession],
  ];
  for (const [kind, opinion] of opinions) {
    if (opinion !== undefined && opinion.denies.length > 0) {
      return { allowed: false, denial: "explicit", kind, by: opinion.denies };
    }
  }
  const implicit = (kind: PolicyKind): AccessDecision => ({ allowed: false, denial: "implicit", kind, by: [] });
  const { match } = byResource;
  if (resource?.mode === "required" && match === "none") {
    return implicit("resource-based policy");
  }
  // A service has no other policies than that of the resource it acts on.
  if (evaluation.principal.type === "Service" || evaluation.principal.type === "FederatedUser") {
    return match === "none" ? implicit("resource-based policy") : { allowed: true, by: byResource.allows };
  }
  const limits = [byBoundary, bySession].filter((opinion) => opinion !== undefined);
  const limited = limits.flatMap(({ allows }) => allows);
  if (match === "direct") {
    return { allowed: true, by: byResource.allows };
  }
  if (match !== "role" && byIdentity.allows.length === 0) {
    return implicit("identity-based policy");
  }
  if (byBoundary !== undefined && byBoundary.allows.length === 0) {
    return implicit("permissions boundary");
  }
  if (bySession !== undefined && bySession.allows.length === 0) {
    return implicit("session policy");
  }
  const consent = resource?.mode === "required" || match === "role" ? byResource.allows : [];
  return { allowed: true, by: [...byIdentity.allows, ...consent, ...limited] };
}

function ask(policies: readonly BoundPolicy[], evaluation: Evaluation): Opinion {
  const allows: StatementReference[] = [];
  const denies: StatementReference[] = [];
  for (const { name, policy } of policies) {
    for (const statement of policy.statements) {
      if (applies(statement, evaluation)) {
        (statement.effect === "Allow" ? allows : denies).push({ policy: name, statement: statement.name });
      }
    }
  }
  return { allows, denies };
}

function askResource({ name, policy }: BoundPolicy, evaluation: Evaluation): ResourceOpinion {
  const allows: StatementReference[] = [];
  const denies: StatementReference[] = [];
  let best: PrincipalMatch = "none";
  for (const statement of policy.statements) {
    const match = matchOf(statement, evaluation);
    if (match === "none" || !applies(statement, evaluation)) {
      continue;
    }
    const reference = { policy: name, statement: statement.name };
    if (statement.effect === "Deny") {
      denies.push(reference);
      continue;
    }
    allows.push(reference);
    best = strongerMatch(best, match);
  }
  return { allows, denies, match: best };
}

/**
 * A Deny with `NotPrincipal` denies whoever has a permissions boundary, named or not.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
function matchOf({ effect, principals }: CompiledStatement, { principal, boundary }: Evaluation): PrincipalMatch {
  if (principals === undefined) {
    return "none";
  }
  const deniesBounded = principals.isNegated && effect === "Deny" && boundary !== undefined;
  return deniesBounded ? "direct" : principals.match(principal);
}

function applies(statement: CompiledStatement, { need, context }: Evaluation): boolean {
  return (
    statement.coversAction(need.action.toLowerCase()) &&
    statement.coversResource(need.resource, context) &&
    statement.conditions.every((condition) => condition.holds(context))
  );
}
