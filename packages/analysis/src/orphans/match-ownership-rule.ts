import type { OwnershipRule } from "@slipway/contracts";
import type { FoundResource } from "./found-resource.ts";
import { matchesGlob } from "./matches-glob.ts";

/** Whether a rule is about a resource, whatever the day. A rule by tag says nothing about tags that were not read. */
export function matchOwnershipRule(rule: OwnershipRule, resource: FoundResource): boolean {
  const { type, name, tag } = rule;
  if (type !== undefined && ![type].flat().includes(resource.type)) {
    return false;
  }
  if (name !== undefined && !isNamed(name, resource)) {
    return false;
  }
  if (tag !== undefined) {
    const value =
      resource.tags !== undefined && Object.hasOwn(resource.tags, tag.key) ? resource.tags[tag.key] : undefined;
    return value !== undefined && (tag.value === undefined || matchesGlob(tag.value, value));
  }
  return true;
}

/** An ARN is meant only by a pattern of ARNs, and an id only as a whole: `a*` would own all of them otherwise. */
function isNamed(pattern: string, { name, id, arn }: FoundResource): boolean {
  return pattern.startsWith("arn:") ? matchesGlob(pattern, arn) : pattern === id || matchesGlob(pattern, name);
}

/** Whether the last day of a rule is over. */
export function isExpired({ expires }: OwnershipRule, now: number): boolean {
  return expires !== undefined && new Date(now).toISOString().slice(0, 10) > expires;
}
