import type { ResourceReference } from "./found-resource.ts";

/** What a resource is kept under in maps: ids are unique per type only. */
export function resourceKey({ type, id }: ResourceReference): string {
  return `${type} ${id}`;
}
