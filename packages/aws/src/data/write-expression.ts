import type { AttributeValue, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import type { DocumentValue, RecordFilter } from "@slipway/contracts";
import type { RecordChange } from "@slipway/release-engine";
import { toAttributeValue } from "./attribute-values.ts";

type Expressions = Pick<
  UpdateItemCommandInput,
  "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;

/** Collects names and values under placeholders, so that an expression can hold any of them. */
function placeholders() {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  const known = new Map<string, string>();
  return {
    names,
    values,
    name(name: string): string {
      const placeholder = known.get(name) ?? `#${known.size}`;
      known.set(name, placeholder);
      names[placeholder] = name;
      return placeholder;
    },
    value(value: DocumentValue): string {
      const placeholder = `:${Object.keys(values).length}`;
      values[placeholder] = toAttributeValue(value);
      return placeholder;
    },
  };
}

/**
 * The update that makes a change, on the condition that the record is as it was read. Only what differs is written, so that an attribute
 * that somebody adds meanwhile stays; and since the key is among the conditions, no record comes to be that is not there.
 */
export function writeExpression({ before, absent, set, remove }: RecordChange): Expressions {
  const { names, values, ...use } = placeholders();
  const assignments = Object.entries(set).map(([name, value]) => `${use.name(name)} = ${use.value(value)}`);
  const removals = remove.map((name) => use.name(name));
  return {
    UpdateExpression: [
      ...(assignments.length === 0 ? [] : [`SET ${assignments.join(", ")}`]),
      ...(removals.length === 0 ? [] : [`REMOVE ${removals.join(", ")}`]),
    ].join(" "),
    ConditionExpression: [
      ...Object.entries(before).map(([name, value]) => `${use.name(name)} = ${use.value(value)}`),
      ...absent.map((name) => `attribute_not_exists(${use.name(name)})`),
    ].join(" AND "),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

/** That an item has these attributes with these values; its key is among them, so that an item that is not there is no match. */
export function conditionExpression(item: RecordChange["before"]): Omit<Expressions, "UpdateExpression"> {
  const { names, values, ...use } = placeholders();
  const equal = Object.entries(item).map(([name, value]) => `${use.name(name)} = ${use.value(value)}`);
  return {
    ConditionExpression: equal.join(" AND "),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

/** The filter as a FilterExpression. */
export function filterExpression({ present = [], missing = [], equals = {} }: RecordFilter) {
  const { names, values, ...use } = placeholders();
  const expression = [
    ...present.map((name) => `attribute_exists(${use.name(name)})`),
    ...missing.map((name) => `attribute_not_exists(${use.name(name)})`),
    ...Object.entries(equals).map(([name, value]) => `${use.name(name)} = ${use.value(value)}`),
  ].join(" AND ");
  return {
    FilterExpression: expression,
    ExpressionAttributeNames: names,
    // An empty map is refused.
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
  };
}
