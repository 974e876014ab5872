import type { Item, ItemStatus } from "../items/item.ts";

/**
 * What the API needs of a table. Expired items do not exist for any of these methods.
 *
 * Every method throws `StoreUnavailableError` when the table is throttled or cannot be reached for now.
 */
export interface ItemStore {
  get(id: string): Promise<Item | undefined>;
  /** One page of the items of one status. */
  list(query: ListQuery): Promise<ItemPage>;
  /**
   * Creates the item and, where there is a request that must have one effect, notes that it was answered with it: both or neither.
   *
   * @returns `conflict`: the id is taken; or what the first try of the request asked for and was answered with, and nothing is written
   */
  createOnce(item: Item, request?: IdempotentRequest): Promise<WriteResult | FirstAnswer>;
  /** What the first request with a key was answered with; absent when there was none, or too long ago. */
  findFirstAnswer(requestId: string): Promise<FirstAnswer | undefined>;
  /** `conflict`: the stored version is not `expectedVersion`, or the item is gone. */
  replace(item: Item, expectedVersion: number): Promise<WriteResult>;
  /** `conflict`: the stored version is not `expectedVersion`, or the item is gone. */
  delete(id: string, expectedVersion: number): Promise<WriteResult>;
  /** Returns when the table has answered. */
  check(): Promise<void>;
}

export type WriteResult = "written" | "conflict";

/** A request that must have one effect, however often it is sent. */
export interface IdempotentRequest {
  /** The same for all tries of one request: made of the client, the operation and its key. */
  id: string;
  /** The same for all requests that ask for the same. */
  fingerprint: string;
}

export interface FirstAnswer {
  /** Of the first request with the key. */
  fingerprint: string;
  /** The item as it was created. */
  item: Item;
}

export type ListOrder = "newest" | "oldest";

export interface ListQuery {
  status: ItemStatus;
  /** By creation time. */
  order: ListOrder;
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
