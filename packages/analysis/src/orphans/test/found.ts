import type { ResourceType } from "@slipway/contracts";
import type { FoundResource } from "../found-resource.ts";

/** A resource as a scan finds it. */
export function found(type: ResourceType, id: string, more: Partial<FoundResource> = {}): FoundResource {
  return { type, id, name: id, arn: `arn:aws:test:us-east-1:111111111111:${type}/${id}`, ...more };
}
