/** The states that an item can be in; a list request reads one of them at a time. */
export const ITEM_STATUSES = ["active", "inactive", "archived"] as const;

export type ItemStatus = (typeof ITEM_STATUSES)[number];

/** The part of an item that clients write. */
export interface ItemContent {
  name: string;
  description?: string | undefined;
  status: ItemStatus;
  /** ISO 8601 in UTC, whole seconds: the table's time-to-live counts in seconds. */
  expiresAt?: string | undefined;
}

/** An item as the API shows it. */
export interface Item extends ItemContent {
  /** A random UUID, given on creation. */
  id: string;
  /** ISO 8601 in UTC, milliseconds. */
  createdAt: string;
  /** ISO 8601 in UTC, milliseconds. */
  updatedAt: string;
  /** 1 on creation, one more with each change. */
  version: number;
}
