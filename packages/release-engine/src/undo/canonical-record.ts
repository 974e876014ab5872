import { type DocumentRecord, type DocumentValue, ExactNumber } from "@slipway/contracts";

/** One text for each record, whatever the order of its attributes and of the members of its sets; another one for any other record. */
export function canonicalRecord(record: DocumentRecord): string {
  const members = Object.keys(record)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalValue(record[name] as DocumentValue)}`);
  return `{${members.join(",")}}`;
}

function canonicalValue(value: DocumentValue): string {
  if (typeof value === "string" || typeof value === "boolean" || value === null) {
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    // 0 and -0 are one number to DynamoDB.
    return String(value + 0);
  }
  if (value instanceof ExactNumber) {
    return value.text;
  }
  if (value instanceof Uint8Array) {
    return `<${Buffer.from(value).toString("base64")}>`;
  }
  if (value instanceof Set) {
    const members = [...(value as ReadonlySet<DocumentValue>)].map(canonicalValue);
    return `(${members.sort().join(",")})`;
  }
  return Array.isArray(value)
    ? `[${value.map(canonicalValue).join(",")}]`
    : canonicalRecord(value as Readonly<Record<string, DocumentValue>>);
}
