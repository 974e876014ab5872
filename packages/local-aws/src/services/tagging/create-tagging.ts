import type { Core } from "../../core/core.ts";
import type { TagSource } from "../../core/ports.ts";
import { defineService, type Service } from "../../core/service.ts";
import { taggingAccess } from "./access.ts";
import { type TaggingModule, taggingOperations } from "./tagging-operations.ts";

/**
 * Starts the Resource Groups Tagging API. It keeps nothing: tags are the services' own. Writing tags through it
 * (TagResources, UntagResources) is refused; each service has operations of its own for that.
 *
 * @param sources - the services that have tagged resources, asked at every request
 */
export function createTagging(_core: Core, sources: () => readonly TagSource[]): { service: Service } {
  return {
    service: defineService<TaggingModule>({
      id: "tagging",
      signingNames: ["tagging"],
      load: () => import("@aws-sdk/client-resource-groups-tagging-api"),
      client: "ResourceGroupsTaggingAPIClient",
      targetPrefixes: ["ResourceGroupsTaggingAPI_20170126"],
      operations: taggingOperations(() => sources().flatMap((source) => source.taggedResources())),
      access: taggingAccess(),
    }),
  };
}
