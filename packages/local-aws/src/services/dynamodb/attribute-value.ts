/** A value of an item's attribute, as DynamoDB's JSON writes it: exactly one of the members is there. */
export interface AttributeValue {
  S?: string;
  /** A number as decimal text, in the canonical form that validation gives it. */
  N?: string;
  /** Bytes in base64. */
  B?: string;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  NS?: string[];
  BS?: string[];
  L?: AttributeValue[];
  M?: Item;
}

/** An item, or the key of one: attribute names to values. */
export type Item = Record<string, AttributeValue>;

/** The type tags of {@link AttributeValue}. */
export type AttributeType = keyof AttributeValue;

/** The type tag of a value. */
export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) {
    return type as AttributeType;
  }
  return "NULL";
}

/** True when the item itself (not its prototype) has the attribute. */
export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}
