import type { KeyElement } from "./dynalite.ts";

type Values = Readonly<Record<string, unknown>>;

/**
 * `dynamodb:LeadingKeys` of an item or a key: the value of its partition key, as text; nothing where it is missing or malformed,
 * which the operation itself refuses.
 */
export function leadingKeyOfItem(item: unknown, schema: readonly KeyElement[]): readonly string[] {
  const name = schema[0]?.AttributeName;
  return name === undefined || !isMap(item) ? [] : scalarOf(item[name]);
}

/** `:v = name` and `name = :v`; names may be placeholders. */
const EQUALITY = /(#?[\w.-]+)\s*=\s*(:\w+)|(:\w+)\s*=\s*(#?[\w.-]+)/g;

/**
 * `dynamodb:LeadingKeys` of a query: the partition key that it asks for. A scan has none, as on AWS.
 *
 * @param schema - of the table, or of the index that is queried
 */
export function leadingKeyOfQuery(body: Values, schema: readonly KeyElement[]): readonly string[] {
  const wanted = schema[0]?.AttributeName;
  if (wanted === undefined) {
    return [];
  }
  const { KeyConditionExpression: expression, KeyConditions: conditions } = body;
  if (typeof expression === "string") {
    const names = isMap(body.ExpressionAttributeNames) ? body.ExpressionAttributeNames : {};
    const values = isMap(body.ExpressionAttributeValues) ? body.ExpressionAttributeValues : {};
    for (const [, left, right, reversedRight, reversedLeft] of expression.matchAll(EQUALITY)) {
      const name = left ?? reversedLeft ?? "";
      if ((name.startsWith("#") ? names[name] : name) === wanted) {
        return scalarOf(values[right ?? reversedRight ?? ""]);
      }
    }
    return [];
  }
  const condition = isMap(conditions) ? conditions[wanted] : undefined;
  const list = isMap(condition) ? condition.AttributeValueList : undefined;
  return Array.isArray(list) ? scalarOf(list[0]) : [];
}

/** The text of a string, number or (Base64) binary value. */
function scalarOf(value: unknown): readonly string[] {
  if (!isMap(value)) {
    return [];
  }
  const text = value.S ?? value.N ?? value.B;
  return typeof text === "string" ? [text] : [];
}

function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null;
}
