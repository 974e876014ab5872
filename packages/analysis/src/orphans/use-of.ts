import type { ResourceUse } from "@slipway/contracts";
import type { FoundResource } from "./found-resource.ts";

/** Whether something is in use is judged by this many days. */
export const IDLE_DAYS = 30;

const DAY_MS = 86_400_000;

/**
 * Whether a resource is used: what its service says about it, otherwise what metrics say, otherwise when it was used last.
 * Where nobody says anything it is `unknown`, never idle.
 */
export function useOf(resource: FoundResource, measured: ResourceUse | undefined, now: number): ResourceUse {
  const use = resource.use ?? measured ?? useByDate(resource, now);
  const age = resource.createdAt === undefined ? undefined : Math.floor((now - resource.createdAt) / DAY_MS);
  // New and idle is not the same as old and idle.
  return use.verdict === "idle" && age !== undefined && age < IDLE_DAYS
    ? { ...use, why: `${use.why}; it was made ${age <= 0 ? "today" : age === 1 ? "yesterday" : `${age} days ago`}` }
    : use;
}

function useByDate({ lastUsedAt }: FoundResource, now: number): ResourceUse {
  if (lastUsedAt === undefined) {
    return { verdict: "unknown", why: "AWS keeps no record of its use" };
  }
  if (lastUsedAt === null) {
    return { verdict: "idle", why: "never used, as far as AWS knows" };
  }
  const days = Math.max(0, Math.floor((now - lastUsedAt) / DAY_MS));
  return {
    verdict: days >= IDLE_DAYS ? "idle" : "used",
    why: `last used on ${new Date(lastUsedAt).toISOString().slice(0, 10)}, ${days} days ago`,
  };
}
