import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { DocumentRecord } from "@slipway/contracts";
import type { ExportedChange } from "@slipway/release-engine";
import { toDocument } from "./attribute-values.ts";

/**
 * A line of an incremental export.
 *
 * @throws {Error} that says what is wrong with it
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html#incremental-export-output
 */
export function exportedChange(line: string): ExportedChange {
  const { Metadata, Keys, OldImage, NewImage } = objectOf(JSON.parse(line), "it");
  const key = documentOf(Keys, "its Keys");
  if (Object.keys(key).length === 0) {
    throw new Error("its Keys are empty");
  }
  return {
    key,
    at: microsOf(objectOf(Metadata, "its Metadata").WriteTimestampMicros) / 1000,
    ...(OldImage === undefined ? {} : { before: documentOf(OldImage, "its OldImage") }),
    ...(NewImage === undefined ? {} : { after: documentOf(NewImage, "its NewImage") }),
  };
}

/** AWS writes `{"N": "..."}`; its documentation has shown the bare number, too. */
function microsOf(value: unknown): number {
  const bare = typeof value === "object" && value !== null && "N" in value ? value.N : value;
  const micros = typeof bare === "string" || typeof bare === "number" ? Number(bare) : Number.NaN;
  if (!Number.isSafeInteger(micros) || micros <= 0) {
    throw new Error(`its WriteTimestampMicros is ${JSON.stringify(value)}`);
  }
  return micros;
}

function documentOf(value: unknown, what: string): DocumentRecord {
  return toDocument(itemOf(objectOf(value, what)));
}

function itemOf(wire: Readonly<Record<string, unknown>>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(wire).map(([name, value]) => [name, attributeValue(value)]));
}

/** As the SDK has it: bytes are base64 in a file. */
function attributeValue(value: unknown): AttributeValue {
  const wire = objectOf(value, "an attribute");
  const { B, BS, L, M } = wire;
  if (B !== undefined) {
    return { B: bytesOf(B) };
  }
  if (Array.isArray(BS)) {
    return { BS: BS.map(bytesOf) };
  }
  if (Array.isArray(L)) {
    return { L: L.map(attributeValue) };
  }
  return M === undefined ? (wire as unknown as AttributeValue) : { M: itemOf(objectOf(M, "a map")) };
}

function bytesOf(value: unknown): Uint8Array {
  if (typeof value !== "string") {
    throw new Error("it has bytes that are no base64");
  }
  return new Uint8Array(Buffer.from(value, "base64"));
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${what} is no object`);
  }
  return value as Readonly<Record<string, unknown>>;
}
