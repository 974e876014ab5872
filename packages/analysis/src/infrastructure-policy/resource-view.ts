import type { InfrastructureFinding } from "@slipway/contracts";
import { type FindingPlace, type FindingWords, finding } from "./finding.ts";
import type { TerraformPlanJson } from "./plan-json.ts";

/** A resource as it will be after an apply, or as it is. */
export interface ResourceView {
  readonly address: string;
  /** Address of the module that it is in; empty for the root. */
  readonly module: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** `true` in the place of everything that is known only after the apply. */
  readonly unknown: unknown;
}

/** A resource of a state. */
export interface AppliedResource {
  readonly address: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What an argument is, if that is known. */
export type Looked = { readonly known: true; readonly value: unknown } | { readonly known: false };

/** Everything that will be there after the plan's apply, what does not change included. */
export function plannedViews({ resource_changes = [] }: TerraformPlanJson): ResourceView[] {
  return resource_changes
    .filter(({ mode, change }) => mode === "managed" && isRecord(change.after))
    .map(({ address, module_address = "", type, change }) => ({
      ...{ address, module: module_address, type },
      values: change.after as Record<string, unknown>,
      unknown: change.after_unknown ?? {},
    }));
}

/** What is there, all of it known. */
export function appliedViews(resources: readonly AppliedResource[]): ResourceView[] {
  return resources.map(({ address, type, attributes }) => {
    const at = address.lastIndexOf(`${type}.`);
    return { address, module: address.slice(0, Math.max(0, at - 1)), type, values: attributes, unknown: {} };
  });
}

/** The value at a path of arguments and positions; undefined is a value, too. */
export function look(view: ResourceView, ...path: readonly (string | number)[]): Looked {
  let value: unknown = view.values;
  let unknown = view.unknown;
  for (const step of path) {
    if (unknown === true) {
      return { known: false };
    }
    value = at(value, step);
    unknown = at(unknown, step);
  }
  return unknown === true ? { known: false } : { known: true, value };
}

/** A rule about one argument: nothing where it is as it must be, and `unknown` where that is not known yet. */
export function demand(
  place: FindingPlace,
  looked: Looked,
  isGood: (value: unknown) => boolean,
  words: FindingWords,
): InfrastructureFinding[] {
  if (!looked.known) {
    return [unknownFinding(place, words)];
  }
  return isGood(looked.value) ? [] : [finding(place, words)];
}

/** The finding that would be, if nobody can say whether it is. */
export function unknownFinding(place: FindingPlace, words: FindingWords): InfrastructureFinding {
  const reason = `Known only after the apply; if it is so: ${words.reason.charAt(0).toLowerCase()}${words.reason.slice(1)}`;
  return finding(place, { ...words, reason }, "unknown");
}

function at(value: unknown, step: string | number): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
