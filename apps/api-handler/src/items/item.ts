import type { Static } from "typebox";
import type { itemContentSchema, itemSchema } from "../../contract/schemas.ts";

/** The states that an item can be in; a list request reads one of them at a time. */
export const ITEM_STATUSES = ["active", "inactive", "archived"] as const;

export type ItemStatus = (typeof ITEM_STATUSES)[number];

/** What an attribute of an item can be. */
export type AttributeValue = string | number | boolean;

/** Attributes of the client's own, by name. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** The part of an item that clients write; as validation leaves it, with its defaults and its time in UTC. */
export type ItemContent = Static<typeof itemContentSchema> & { status: ItemStatus };

/** An item as the API shows it. */
export type Item = Static<typeof itemSchema>;
