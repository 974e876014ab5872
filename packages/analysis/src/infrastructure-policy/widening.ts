import { matchesGlob } from "../orphans/matches-glob.ts";
import { matchesAction } from "./matches-action.ts";
import {
  type PolicyCondition,
  type PolicyPrincipal,
  type PolicyStatement,
  parsePolicyDocument,
} from "./policy-document.ts";

/**
 * What a policy allows after a change that it did not allow before.
 *
 * A statement is nothing new when one statement of before covers it: its actions, resources and principals, under no more conditions
 * than are left. A denial that is gone or has become narrower lets through what it kept back.
 *
 * @returns one clause for each; undefined when one of the two cannot be read
 */
export function widenedBy(before: unknown, after: unknown): string[] | undefined {
  const old =
    before === undefined || before === null || before === "" ? { statements: [] } : parsePolicyDocument(before);
  const now = after === undefined || after === null || after === "" ? { statements: [] } : parsePolicyDocument(after);
  if (old === undefined || now === undefined) {
    return undefined;
  }
  const granted = now.statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap((each) => newIn(each, old.statements));
  const denials = now.statements.filter(({ effect }) => effect === "Deny");
  const lifted = old.statements
    .filter((each) => each.effect === "Deny" && !denials.some((other) => covers(other, each)))
    .map((each) => `the denial ${each.label} is gone or narrower`);
  return [...granted, ...lifted];
}

function newIn(statement: PolicyStatement, before: readonly PolicyStatement[]): string[] {
  const old = before.filter(({ effect }) => effect === "Allow");
  if (statement.inverted.length > 0) {
    return old.some((each) => sameText(each, statement))
      ? []
      : [`${statement.label} with ${statement.inverted.join(", ")}`];
  }
  if (old.some((each) => covers(each, statement))) {
    return [];
  }
  const actions = statement.actions.filter(
    (action) => !old.some((each) => covers(each, { ...statement, actions: [action] })),
  );
  if (actions.length > 0) {
    return [`${statement.label}: ${actions.join(", ")} on ${targetOf(statement)}`];
  }
  // Each of its actions is covered by a statement of its own.
  return [];
}

function targetOf({ resources, principals }: PolicyStatement): string {
  const whom = principals.map(({ id }) => id);
  return [
    ...(resources.length === 0 ? ["itself"] : resources),
    ...(whom.length === 0 ? [] : [`for ${whom.join(", ")}`]),
  ].join(" ");
}

/** Whether everything that the inner statement is about, the outer one is about, too. */
function covers(outer: PolicyStatement, inner: PolicyStatement): boolean {
  if (outer.inverted.length > 0 || inner.inverted.length > 0) {
    return sameText(outer, inner);
  }
  return (
    inner.actions.every((action) => outer.actions.some((each) => matchesAction(each, action))) &&
    inner.resources.every((resource) => outer.resources.some((each) => matchesGlob(each, resource))) &&
    (outer.resources.length > 0 || inner.resources.length === 0) &&
    inner.principals.every((principal) => outer.principals.some((each) => coversPrincipal(each, principal))) &&
    outer.principals.length > 0 === inner.principals.length > 0 &&
    outer.conditions.every((condition) => inner.conditions.some((each) => isAtLeast(each, condition)))
  );
}

function sameText(left: PolicyStatement, right: PolicyStatement): boolean {
  return JSON.stringify({ ...left, label: "", sid: "" }) === JSON.stringify({ ...right, label: "", sid: "" });
}

function coversPrincipal(outer: PolicyPrincipal, inner: PolicyPrincipal): boolean {
  return (outer.type === inner.type && outer.id === inner.id) || (outer.type === "AWS" && outer.id === "*");
}

/** Whether a condition holds back at least what another one does: the same test, of the same values or fewer. */
function isAtLeast(condition: PolicyCondition, other: PolicyCondition): boolean {
  const isNegative = /not|^null$/i.test(condition.operator);
  const [few, many] = isNegative ? [other.values, condition.values] : [condition.values, other.values];
  return (
    condition.operator.toLowerCase() === other.operator.toLowerCase() &&
    condition.key.toLowerCase() === other.key.toLowerCase() &&
    few.every((value) => many.includes(value))
  );
}
