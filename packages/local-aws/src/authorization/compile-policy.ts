import { type Condition, compileCondition } from "./conditions.ts";
import type { ContextValues } from "./context-values.ts";
import { hasVariables, resolveVariables } from "./policy-variables.ts";
import { compilePrincipals, type PrincipalElement } from "./principals.ts";
import { listOf, textsOf } from "./texts-of.ts";
import { compileArnPattern, compileWildcard, type TextMatcher } from "./wildcard.ts";

/** A statement, ready to be asked. */
export interface CompiledStatement {
  /** Its Sid, or its place. */
  readonly name: string | number;
  readonly effect: "Allow" | "Deny";
  /** @param action - in lower case */
  coversAction(action: string): boolean;
  coversResource(resource: string, context: ContextValues): boolean;
  readonly conditions: readonly Condition[];
  /** Absent in identity policies. */
  readonly principals?: PrincipalElement;
}

/** A policy document, ready to be asked. */
export interface CompiledPolicy {
  readonly statements: readonly CompiledStatement[];
}

type RawStatement = Readonly<Record<string, unknown>>;

/**
 * Compiles a policy document. What cannot be understood makes the policy stricter, never laxer: an Allow with an unknown operator
 * allows nothing, a Deny with one denies.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function compilePolicy(document: string): CompiledPolicy {
  const { Version, Statement } = parse(document);
  // Variables came with this version; before it `${aws:username}` is just text.
  const knowsVariables = Version === "2012-10-17";
  return {
    statements: listOf(Statement).map((statement, index) =>
      compileStatement(statement as RawStatement, index, knowsVariables),
    ),
  };
}

function parse(document: string): { Version?: unknown; Statement?: unknown } {
  try {
    const policy: unknown = JSON.parse(document);
    return typeof policy === "object" && policy !== null ? policy : {};
  } catch {
    return {};
  }
}

function compileStatement(statement: RawStatement, index: number, knowsVariables: boolean): CompiledStatement {
  const effect = statement.Effect === "Allow" ? "Allow" : "Deny";
  const actions = textsOf(statement.Action ?? statement.NotAction).map((action) =>
    compileWildcard(action.toLowerCase()),
  );
  const actionsExcepted = statement.Action === undefined;
  // IAM stores no statement about nothing; one that comes from elsewhere must not allow everything.
  const saysNoActions = actionsExcepted && statement.NotAction === undefined;
  // A key policy or a trust policy is about what it is attached to: trust policies have no Resource at all.
  const resources =
    statement.Resource === undefined && statement.NotResource === undefined
      ? ["*"]
      : textsOf(statement.Resource ?? statement.NotResource).map(completeArn);
  const resourceMatchers = resourcesOf(resources, knowsVariables);
  const resourcesExcepted = statement.Resource === undefined && statement.NotResource !== undefined;
  return {
    name: typeof statement.Sid === "string" && statement.Sid !== "" ? statement.Sid : index,
    effect,
    coversAction: (action) =>
      saysNoActions ? effect === "Deny" : actions.some((matches) => matches(action)) !== actionsExcepted,
    coversResource: (resource, context) =>
      resourceMatchers(context).some((matches) => matches(resource)) !== resourcesExcepted,
    conditions: conditionsOf(statement.Condition, effect, knowsVariables),
    principals: compilePrincipals(statement),
  };
}

function resourcesOf(
  resources: readonly string[],
  knowsVariables: boolean,
): (context: ContextValues) => readonly TextMatcher[] {
  if (!knowsVariables || !resources.some(hasVariables)) {
    const fixed = resources.map(compileArnPattern);
    return () => fixed;
  }
  return (context) =>
    resources
      .map((resource) => resolveVariables(resource, context))
      .filter((resource) => resource !== undefined)
      .map(compileArnPattern);
}

/**
 * `arn:aws:sqs` is `arn:aws:sqs:*:*:*` to IAM, as every ARN in a Resource element that ends early.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
function completeArn(resource: string): string {
  const missing = 6 - resource.split(":").length;
  return resource.startsWith("arn:") && missing > 0 && !hasVariables(resource)
    ? resource + ":*".repeat(missing)
    : resource;
}

const NEVER: Condition = { holds: () => false };

function conditionsOf(element: unknown, effect: "Allow" | "Deny", knowsVariables: boolean): readonly Condition[] {
  if (typeof element !== "object" || element === null) {
    return [];
  }
  return Object.entries(element).flatMap(([operator, keys]) =>
    Object.entries((keys ?? {}) as Record<string, unknown>).flatMap(([key, values]) => {
      const compiled = compileCondition(operator, key, textsOf(values), knowsVariables);
      return compiled === undefined ? (effect === "Allow" ? [NEVER] : []) : [compiled];
    }),
  );
}
