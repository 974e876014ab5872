import { toItem } from "@slipway/aws";
import type { DocumentRecord } from "@slipway/contracts";

/** An item as DynamoDB's own JSON, which every tool of AWS takes; binary values in base64. Null for one that is not there. */
export function itemJson(record: DocumentRecord | undefined): object | null {
  if (record === undefined) {
    return null;
  }
  const text = JSON.stringify(toItem(record), function (this: Record<string, unknown>, name, value: unknown) {
    // A Buffer has turned itself into something else by the time that it comes as the value.
    const bytes = this[name];
    return bytes instanceof Uint8Array ? Buffer.from(bytes).toString("base64") : value;
  });
  return JSON.parse(text) as object;
}
