import { randomUUID } from "node:crypto";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Attributes, Item, ItemStatus } from "../items/item.ts";

/** What the table holds of a record, in DynamoDB's own notation. */
export type TableRecord = Record<string, AttributeValue>;

/** Tells items from the other records of the table. */
export const ITEM_KIND = "item";

/** The table's time-to-live attribute: seconds since 1970. */
export const EXPIRY = "expiresAtEpoch";

/** Attributes that an item has or has not. */
const OPTIONAL = ["description", "attributes", EXPIRY] as const;

/**
 * An item as the table holds it, with a `writeId` that is different for each write, so that a retry can recognise a write whose answer
 * was lost.
 */
export function toRecord(item: Item): TableRecord & { id: { S: string }; writeId: { S: string } } {
  const { id, name, description, status, attributes, expiresAt, createdAt, updatedAt, version } = item;
  return {
    id: { S: id },
    kind: { S: ITEM_KIND },
    name: { S: name },
    status: { S: status },
    createdAt: { S: createdAt },
    updatedAt: { S: updatedAt },
    version: { N: String(version) },
    writeId: { S: randomUUID() },
    ...(description === undefined ? undefined : { description: { S: description } }),
    ...(attributes === undefined ? undefined : { attributes: { M: toMap(attributes) } }),
    ...(expiresAt === undefined ? undefined : { [EXPIRY]: { N: String(Math.floor(Date.parse(expiresAt) / 1000)) } }),
  };
}

/** The names of the optional attributes that a record lacks: an update has to remove them. */
export function absentFrom(record: TableRecord): string[] {
  return OPTIONAL.filter((name) => record[name] === undefined);
}

/** Reads an item, without what other versions of this function have put beside it. */
export function toItem(record: TableRecord): Item {
  const { description, attributes } = record;
  const expiry = record[EXPIRY]?.N;
  return {
    id: text(record, "id"),
    name: text(record, "name"),
    ...(description?.S === undefined ? undefined : { description: description.S }),
    status: text(record, "status") as ItemStatus,
    ...(attributes?.M === undefined ? undefined : { attributes: fromMap(attributes.M) }),
    ...(expiry === undefined ? undefined : { expiresAt: new Date(Number(expiry) * 1000).toISOString() }),
    createdAt: text(record, "createdAt"),
    updatedAt: text(record, "updatedAt"),
    version: Number(record.version?.N),
  };
}

/** Whether the record's time is over: DynamoDB may take days to delete what has expired. */
export function isExpired(record: TableRecord, nowEpoch: number): boolean {
  const expiry = record[EXPIRY]?.N;
  return expiry !== undefined && Number(expiry) <= nowEpoch;
}

function text(record: TableRecord, name: string): string {
  const value = record[name]?.S;
  if (value === undefined) throw new Error(`The record ${record.id?.S ?? ""} has no text "${name}".`);
  return value;
}

function toMap(attributes: Attributes): TableRecord {
  // From entries: an assignment to "__proto__" would be none. Validation does not let that name through; this does not rely on it.
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]): [string, AttributeValue] => [
      name,
      typeof value === "string" ? { S: value } : typeof value === "number" ? { N: String(value) } : { BOOL: value },
    ]),
  );
}

function fromMap(map: TableRecord): Attributes {
  return Object.fromEntries(
    Object.entries(map).flatMap(([name, { S, N, BOOL }]) => {
      const value = S ?? BOOL ?? (N === undefined ? undefined : Number(N));
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
