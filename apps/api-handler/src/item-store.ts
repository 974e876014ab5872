import type { Item, ItemStatus } from "./item.ts";

/**
 * What the API needs of a table. Expired items do not exist for any of these methods.
 *
 * Every method throws `StoreUnavailableError` when the table is throttled or cannot be reached for now.
 */
export interface ItemStore {
  get(id: string): Promise<Item | undefined>;
  /** One page of the items of one status, newest first. */
  list(query: ListQuery): Promise<ItemPage>;
  /** `conflict`: the id is taken. */
  create(item: Item): Promise<WriteResult>;
  /** `conflict`: the stored version is not `expectedVersion`, or the item is gone. */
  replace(item: Item, expectedVersion: number): Promise<WriteResult>;
  /** `conflict`: the stored version is not `expectedVersion`, or the item is gone. */
  delete(id: string, expectedVersion: number): Promise<WriteResult>;
}

export type WriteResult = "written" | "conflict";

export interface ListQuery {
  status: ItemStatus;
  /** The most items to read, 1 or more. */
  limit: number;
  /** Where the page before ended. */
  after?: ListPosition | undefined;
}

export interface ItemPage {
  /** Can be fewer than the limit (even none) although there is a `next`. */
  items: Item[];
  /** Where to go on; absent on the last page. */
  next?: ListPosition | undefined;
}

/** A place in the list of one status, which is ordered by creation time. */
export interface ListPosition {
  createdAt: string;
  id: string;
}
