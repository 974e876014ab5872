import type { FoundResource } from "@slipway/analysis";
import type { ResourceType, ResourceUse } from "@slipway/contracts";

/** One page of a listing. */
export interface ResourcePage {
  readonly items: readonly FoundResource[];
  /** Asks for the next page; undefined after the last one. */
  readonly next?: string;
}

/** Lists one type of resources in an account and Region. */
export interface ResourceScanner {
  readonly type: ResourceType;
  /**
   * @param page `next` of the page before
   * @throws ReleaseError `denied`, `throttled`, `unreachable`, ... for what AWS refused
   */
  list(page: string | undefined): Promise<ResourcePage>;
  /**
   * What the listing leaves out: tags, age, size, what depends on it.
   *
   * @returns undefined when it has been deleted meanwhile
   * @throws ReleaseError as `list` does
   */
  describe(resource: FoundResource): Promise<FoundResource | undefined>;
}

/** Asks metrics whether resources were used. */
export interface ResourceUseReader {
  /** Types that have a metric for it. */
  readonly types: ReadonlySet<ResourceType>;
  /**
   * @param from, to milliseconds since the epoch
   * @returns by resource key; a resource that nothing is known of is left out
   * @throws ReleaseError for what AWS refused
   */
  usesOf(resources: readonly FoundResource[], from: number, to: number): Promise<ReadonlyMap<string, ResourceUse>>;
}
