/** The states of an item. */
export const itemStatuses = ["active", "inactive", "archived"] as const;

/** The part of an item that clients write. */
export interface ItemContent {
  readonly name: string;
  readonly description?: string | undefined;
  readonly status: (typeof itemStatuses)[number];
  readonly attributes?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly expiresAt?: string | undefined;
}

/** An item as the API shows it. */
export interface Item extends ItemContent {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}
