import { AwsError } from "../../core/aws-error.ts";
import type { TaggedResource } from "../../core/ports.ts";
import type { InputOf, Operations } from "../../core/service.ts";

/** The SDK's module of the Resource Groups Tagging API. */
export type TaggingModule = typeof import("@aws-sdk/client-resource-groups-tagging-api");

type GetResourcesInput = InputOf<TaggingModule, "GetResources">;

const MOST_RESOURCES = 100;
const RESOURCES_PAGE = 50;
const KEYS_PAGE = 1000;
const MOST_FILTERS = 50;
const MOST_FILTER_VALUES = 20;
const MOST_ARNS = 100;

/**
 * GetResources, GetTagKeys and GetTagValues over the tags of all services. As on AWS, only resources that have (or had) tags
 * are listed; here a resource without any is left out.
 *
 * @param resources - all resources of all services, as they are now
 * @see https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 */
export function taggingOperations(resources: () => readonly TaggedResource[]): Operations<TaggingModule> {
  const tagged = () => resources().filter(({ tags }) => Object.keys(tags).length > 0);
  return {
    GetResources: (input) => {
      checkGetResources(input);
      const found = tagged()
        .filter((resource) => matches(resource, input))
        .sort((left, right) => (left.arn < right.arn ? -1 : 1));
      const { page, token } = pageOf(found, ({ arn }) => arn, input.PaginationToken, pageSize(input));
      return {
        ResourceTagMappingList: page.map(({ arn, tags }) => ({ ResourceARN: arn, Tags: listOf(tags) })),
        PaginationToken: token,
      };
    },

    GetTagKeys: (input) => {
      const keys = [...new Set(tagged().flatMap(({ tags }) => Object.keys(tags)))].sort();
      const { page, token } = pageOf(keys, (key) => key, input.PaginationToken, KEYS_PAGE);
      return { TagKeys: page, PaginationToken: token };
    },

    GetTagValues: (input) => {
      const { Key } = input;
      if (Key === undefined || Key === "") {
        throw invalid("Key must be specified");
      }
      const values = new Set(tagged().flatMap(({ tags }) => (Object.hasOwn(tags, Key) ? [tags[Key] as string] : [])));
      const { page, token } = pageOf([...values].sort(), (value) => value, input.PaginationToken, KEYS_PAGE);
      return { TagValues: page, PaginationToken: token };
    },
  };
}

function checkGetResources(input: GetResourcesInput): void {
  const { TagFilters, ResourceTypeFilters, ResourceARNList, ResourcesPerPage, TagsPerPage } = input;
  for (const member of ["IncludeComplianceDetails", "ExcludeCompliantResources"] as const) {
    if (input[member]) {
      throw new AwsError(
        "NotImplemented",
        `Local AWS does not implement tag policies: leave ${member} of GetResources out.`,
      );
    }
  }
  if (ResourceARNList !== undefined) {
    if (TagFilters !== undefined || ResourceTypeFilters !== undefined || ResourcesPerPage !== undefined) {
      throw invalid(
        "ResourceARNList cannot be specified together with TagFilters, ResourceTypeFilters or ResourcesPerPage",
      );
    }
    if (ResourceARNList.length < 1 || ResourceARNList.length > MOST_ARNS) {
      throw invalid(`ResourceARNList must have between 1 and ${MOST_ARNS} entries`);
    }
  }
  if (ResourcesPerPage !== undefined && TagsPerPage !== undefined) {
    throw invalid("ResourcesPerPage and TagsPerPage cannot be specified together");
  }
  if (ResourcesPerPage !== undefined && (ResourcesPerPage < 1 || ResourcesPerPage > MOST_RESOURCES)) {
    throw invalid(`ResourcesPerPage must be between 1 and ${MOST_RESOURCES}`);
  }
  if (TagsPerPage !== undefined && (TagsPerPage < 100 || TagsPerPage > 500)) {
    throw invalid("TagsPerPage must be between 100 and 500");
  }
  if ((TagFilters?.length ?? 0) > MOST_FILTERS) {
    throw invalid(`TagFilters must have at most ${MOST_FILTERS} entries`);
  }
  for (const { Key, Values } of TagFilters ?? []) {
    if (Key === undefined || Key === "") {
      throw invalid("Every filter of TagFilters must have a Key");
    }
    if ((Values?.length ?? 0) > MOST_FILTER_VALUES) {
      throw invalid(`The filter ${Key} of TagFilters must have at most ${MOST_FILTER_VALUES} Values`);
    }
  }
}

/** All filters must match; of one filter's values, any. */
function matches({ arn, type, tags }: TaggedResource, input: GetResourcesInput): boolean {
  if (input.ResourceARNList !== undefined) {
    return input.ResourceARNList.includes(arn);
  }
  const types = input.ResourceTypeFilters ?? [];
  if (types.length > 0 && !types.some((wanted) => isOfType(type, wanted))) {
    return false;
  }
  return (input.TagFilters ?? []).every(({ Key, Values }) => {
    const value = Key !== undefined && Object.hasOwn(tags, Key) ? tags[Key] : undefined;
    return value !== undefined && (Values === undefined || Values.length === 0 || Values.includes(value));
  });
}

/** A filter names a service (`lambda`) or one type of its resources (`lambda:function`). */
function isOfType(type: string, wanted: string): boolean {
  return type === wanted || type.split(":")[0] === wanted;
}

/** With `TagsPerPage`, a page ends with the resource that reaches that many tags. */
function pageSize({
  ResourcesPerPage,
  TagsPerPage,
}: GetResourcesInput): number | ((page: readonly TaggedResource[]) => boolean) {
  if (TagsPerPage === undefined) {
    return ResourcesPerPage ?? RESOURCES_PAGE;
  }
  return (page) => page.reduce((sum, { tags }) => sum + Object.keys(tags).length, 0) >= TagsPerPage;
}

/**
 * One page of a sorted list.
 *
 * @param token - the sort key of the last entry of the page before, encoded
 * @param size - how many, or when a page is full
 */
function pageOf<T>(
  entries: readonly T[],
  keyOf: (entry: T) => string,
  token: string | undefined,
  size: number | ((page: readonly T[]) => boolean),
): { page: T[]; token: string } {
  const after = token === undefined || token === "" ? undefined : decodeToken(token);
  const rest = after === undefined ? entries : entries.filter((entry) => keyOf(entry) > after);
  const page: T[] = [];
  for (const entry of rest) {
    page.push(entry);
    if (typeof size === "number" ? page.length >= size : size(page)) {
      break;
    }
  }
  const last = page.at(-1);
  // AWS says that there is no more by an empty token.
  return { page, token: last === undefined || page.length === rest.length ? "" : encodeToken(keyOf(last)) };
}

function encodeToken(key: string): string {
  return Buffer.from(JSON.stringify({ after: key })).toString("base64url");
}

function decodeToken(token: string): string {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (typeof decoded === "object" && decoded !== null && "after" in decoded && typeof decoded.after === "string") {
      return decoded.after;
    }
  } catch {
    // Falls through to the one answer that AWS has for all of these.
  }
  throw new AwsError("PaginationTokenExpiredException", "The PaginationToken is not valid; start again without one");
}

function listOf(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}
