import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { type DocumentRecord, type DocumentValue, ExactNumber } from "@slipway/contracts";

/** A record as plain data; a number that JavaScript cannot hold exactly stays as its text. */
export function toDocument(item: Readonly<Record<string, AttributeValue>>): DocumentRecord {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, documentValue(value)]));
}

/** Plain data as DynamoDB takes it. */
export function toItem(record: DocumentRecord): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, toAttributeValue(value)]])),
  );
}

/** One value as DynamoDB takes it. */
export function toAttributeValue(value: DocumentValue): AttributeValue {
  switch (typeof value) {
    case "string":
      return { S: value };
    case "number":
      return { N: String(value) };
    case "boolean":
      return { BOOL: value };
    default:
  }
  if (value === null) {
    return { NULL: true };
  }
  if (value instanceof ExactNumber) {
    return { N: value.text };
  }
  if (value instanceof Uint8Array) {
    return { B: value };
  }
  if (value instanceof Set) {
    return toSet([...(value as ReadonlySet<DocumentValue>)]);
  }
  return Array.isArray(value)
    ? { L: value.map(toAttributeValue) }
    : { M: toItem(value as Readonly<Record<string, DocumentValue>>) };
}

function toSet(members: DocumentValue[]): AttributeValue {
  if (members.every((member) => typeof member === "string")) {
    return { SS: members };
  }
  return members.every((member) => member instanceof Uint8Array) ? { BS: members } : { NS: members.map(String) };
}

function documentValue(value: AttributeValue): DocumentValue {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return numberOf(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.M !== undefined) return toDocument(value.M);
  if (value.L !== undefined) return value.L.map(documentValue);
  if (value.SS !== undefined) return new Set(value.SS);
  if (value.NS !== undefined) return new Set(value.NS.map(numberOf));
  if (value.BS !== undefined) return new Set(value.BS);
  if (value.B !== undefined) return value.B;
  throw new Error(`DynamoDB has a type of attribute that is not known: ${Object.keys(value).join(", ")}`);
}

function numberOf(text: string): number | ExactNumber {
  const number = Number(text);
  return decimalOf(String(number)) === decimalOf(text) ? number : new ExactNumber(text);
}

/** The digits and the exponent, the same for each way to write a number: `1.50`, `15e-1` and `0.15e1` are `15e-1`. */
function decimalOf(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") {
    return "0";
  }
  return `${sign === "-" ? "-" : ""}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
