import type { FoundResource } from "./found-resource.ts";

/**
 * The environment that a resource seems to belong to: what its tag `Environment` says, otherwise the one environment whose
 * name is a part of its own (`items-prod`, `prod/reports`).
 *
 * @param environments names in the configuration
 */
export function guessEnvironment({ tags, name }: FoundResource, environments: readonly string[]): string | undefined {
  const tag = Object.entries(tags ?? {}).find(([key]) => /^env(ironment)?$/i.test(key))?.[1];
  if (tag !== undefined && tag !== "") {
    return tag;
  }
  const parts = new Set(name.split(/[^A-Za-z0-9]+/));
  // An environment's name may have hyphens itself; a longer one that fits says more than a shorter one.
  const fitting = environments
    .filter((each) => parts.has(each) || `-${name}-`.includes(`-${each}-`))
    .sort((left, right) => right.length - left.length);
  return fitting[0];
}
