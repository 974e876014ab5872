import type { AccessNeed, AccessNeeds } from "../../core/access.ts";
import type { TaggingModule } from "./tagging-operations.ts";

/**
 * What each operation of the Resource Groups Tagging API needs. None has resources of its own, and reading needs no permission on
 * the resources that are listed.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonresourcegrouptaggingapi.html
 */
export function taggingAccess(): AccessNeeds<TaggingModule> {
  const anywhere = (action: string) => (): AccessNeed[] => [{ action, resource: "*" }];
  return {
    GetResources: anywhere("tag:GetResources"),
    GetTagKeys: anywhere("tag:GetTagKeys"),
    GetTagValues: anywhere("tag:GetTagValues"),
  };
}
