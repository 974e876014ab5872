import type { OwnershipRule, ResourceType } from "@slipway/contracts";
import type { FoundResource, ResourceReference } from "./found-resource.ts";
import { isExpired, matchOwnershipRule } from "./match-ownership-rule.ts";
import { parentOf } from "./parent-of.ts";
import { resourceKey } from "./resource-key.ts";
import type { StateOwnership } from "./state-ownership.ts";

/** Whose a resource is. */
export type Disposition =
  | { readonly kind: "state"; readonly owner: string }
  /** `rule` is the rule's place in the configuration, from 0. */
  | { readonly kind: "rule"; readonly rule: number; readonly owner: string }
  /** AWS's own, on its way out, part of an owned resource, or kept as a way back. */
  | { readonly kind: "otherwise"; readonly owner: string }
  | { readonly kind: "orphan"; readonly reason: string }
  /** It looks like an orphan, but what was not seen may own it. */
  | { readonly kind: "undecided"; readonly reason: string };

/** Everything that is known about who owns what. */
export interface OwnershipFacts {
  readonly found: readonly FoundResource[];
  readonly ownership: StateOwnership;
  /** States that are expected and could not be read. */
  readonly unreadStates: readonly string[];
  /** Types whose listing did not come to its end. */
  readonly unlistedTypes: ReadonlySet<ResourceType>;
  /** Keys of resources that could not be looked at closely. */
  readonly undescribed: ReadonlySet<string>;
  readonly rules: readonly OwnershipRule[];
  readonly now: number;
}

const nouns: Readonly<Partial<Record<ResourceType, string>>> = {
  "lambda-function": "function",
  "rest-api": "REST API",
  "dynamodb-table": "table",
  "kms-key": "key",
};

/**
 * Why a table that a restored one has taken the place of is nobody's to delete yet: `slipway rollback ENV data --restore` has marked it
 * with the last day (UTC) on which it is kept.
 */
function keptAsWayBack({ tags = {} }: FoundResource, now: number): string | undefined {
  const until = tags["slipway:keep-until"];
  return until !== undefined && until >= new Date(now).toISOString().slice(0, 10)
    ? `kept until ${until} as the way back from ${tags["slipway:replaced-by"] ?? "a restored table"}`
    : undefined;
}

/**
 * Decides whose resources are. A missing state, listing or description makes `undecided` out of what would be an orphan: a
 * command that deletes something must never be printed because something else could not be read.
 */
export class OwnershipJudge {
  readonly #facts: OwnershipFacts;
  readonly #found: ReadonlyMap<string, FoundResource>;
  readonly #judged = new Map<string, Disposition>();

  constructor(facts: OwnershipFacts) {
    this.#facts = facts;
    this.#found = new Map(facts.found.map((resource) => [resourceKey(resource), resource]));
  }

  judge(resource: FoundResource): Disposition {
    const key = resourceKey(resource);
    const known = this.#judged.get(key);
    if (known !== undefined) {
      return known;
    }
    const disposition = this.#ownerOf(resource) ?? this.#orphanOrUndecided(resource);
    this.#judged.set(key, disposition);
    return disposition;
  }

  #ownerOf(resource: FoundResource): Disposition | undefined {
    const { ownership, rules, now } = this.#facts;
    const owner = ownership.ownerOf(resource);
    if (owner !== undefined) {
      return { kind: "state", owner };
    }
    const its = resource.awsOwned ?? resource.leaving ?? keptAsWayBack(resource, now);
    if (its !== undefined) {
      return { kind: "otherwise", owner: its };
    }
    const rule = rules.findIndex((each) => !isExpired(each, now) && matchOwnershipRule(each, resource));
    return rule < 0 ? undefined : { kind: "rule", rule, owner: rules[rule]?.reason ?? "" };
  }

  #orphanOrUndecided(resource: FoundResource): Disposition {
    const { unreadStates, undescribed, rules } = this.#facts;
    const parent = parentOf(resource);
    const byParent = parent === undefined ? undefined : this.#byParent(parent);
    if (byParent !== undefined && byParent.kind !== "orphan") {
      return byParent;
    }
    if (unreadStates.length > 0) {
      return { kind: "undecided", reason: `the state of ${unreadStates.join(" and of ")} could not be read` };
    }
    if (undescribed.has(resourceKey(resource))) {
      return { kind: "undecided", reason: "it could not be looked at closely" };
    }
    const expired = rules.find((each) => matchOwnershipRule(each, resource));
    if (expired !== undefined) {
      return { kind: "orphan", reason: `the rule that owned it expired on ${expired.expires}: ${expired.reason}` };
    }
    return byParent ?? { kind: "orphan", reason: "in no state, and no rule owns it" };
  }

  /** A part goes with the whole; without its whole it is what was left behind. */
  #byParent(reference: ResourceReference): Disposition {
    const label = `the ${nouns[reference.type] ?? reference.type} ${reference.id}`;
    const parent = this.#found.get(resourceKey(reference));
    if (parent !== undefined) {
      const { kind } = this.judge(parent);
      if (kind === "orphan") return { kind, reason: `part of ${label}, which is an orphan itself` };
      if (kind === "undecided") return { kind, reason: `part of ${label}, which is undecided itself` };
      return { kind: "otherwise", owner: `part of ${label}` };
    }
    if (this.#facts.unlistedTypes.has(reference.type)) {
      if (this.#facts.ownership.has(reference.type, reference.id)) {
        return { kind: "otherwise", owner: `part of ${label}, which a state has; whether it exists was not seen` };
      }
      return { kind: "undecided", reason: `${label} was not seen, and not everything of its type was listed` };
    }
    return { kind: "orphan", reason: `${label} is gone` };
  }
}
