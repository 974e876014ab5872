import { tag } from "@smithy/core/cbor";
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../core/aws-error.ts";
import { formatTimestamp, parseTimestamp, TIMESTAMP_EPOCH_SECONDS } from "./timestamps.ts";

/**
 * Values between their wire form and the SDK's types, for JSON and for CBOR, which differ in how they write bytes and times.
 * `useJsonName` is true for restJson1, the only protocol that honours that trait.
 */
export interface TreeFormat {
  readonly kind: "json" | "cbor";
  readonly useJsonName: boolean;
  /** How JSON has bytes that come in: in base64 unless given, or as the text that they are. */
  readonly blobs?: "text";
}

/** Reads one value; `undefined` for null and for nothing. */
type Reader = (value: unknown) => unknown;

/** What a schema means for reading, found out once: asking it anew for each of a thousand data points is most of the work. */
const readers = new WeakMap<TreeFormat, WeakMap<NormalizedSchema, Reader>>();

/**
 * Reads a parsed JSON or CBOR value by its schema; members that the schema does not know are dropped, as AWS does.
 *
 * @throws AwsError `SerializationException` when a value has the wrong type
 */
export function readTree(schema: NormalizedSchema, value: unknown, format: TreeFormat): unknown {
  let ofFormat = readers.get(format);
  if (ofFormat === undefined) {
    ofFormat = new WeakMap();
    readers.set(format, ofFormat);
  }
  let read = ofFormat.get(schema);
  if (read === undefined) {
    read = readerOf(schema, format);
    ofFormat.set(schema, read);
  }
  return read(value);
}

/** Members are looked at when the first value comes, as shapes may contain themselves. */
function readerOf(schema: NormalizedSchema, format: TreeFormat): Reader {
  const read = presentReaderOf(schema, format);
  return (value) => (value === null || value === undefined ? undefined : read(value));
}

function presentReaderOf(schema: NormalizedSchema, format: TreeFormat): Reader {
  if (schema.isDocumentSchema()) {
    return (value) => value;
  }
  if (schema.isStructSchema()) {
    return structReaderOf(schema, format);
  }
  if (schema.isListSchema()) {
    let member: Reader | undefined;
    return (value) => {
      if (!Array.isArray(value)) {
        throw wrongType(schema, value, "a list");
      }
      member ??= readerOf(schema.getValueSchema(), format);
      const read = member;
      return value.map((item) => read(item) ?? null);
    };
  }
  if (schema.isMapSchema()) {
    let member: Reader | undefined;
    return (value) => {
      member ??= readerOf(schema.getValueSchema(), format);
      const read = member;
      return Object.fromEntries(
        Object.entries(expectObject(schema, value)).map(([key, item]) => [key, read(item) ?? null]),
      );
    };
  }
  return scalarReaderOf(schema, format);
}

function structReaderOf(schema: NormalizedSchema, format: TreeFormat): Reader {
  let members: readonly { readonly name: string; readonly wire: string; readonly read: Reader }[] | undefined;
  return (value) => {
    const source = expectObject(schema, value);
    members ??= [...schema.structIterator()].map(([name, member]) => ({
      ...{ name, wire: wireName(name, member, format) },
      read: readerOf(member, format),
    }));
    const result: Record<string, unknown> = {};
    for (const { name, wire, read } of members) {
      const member = read(source[wire]);
      if (member !== undefined) {
        result[name] = member;
      }
    }
    return result;
  };
}

function scalarReaderOf(schema: NormalizedSchema, format: TreeFormat): Reader {
  if (schema.isTimestampSchema()) {
    return (value) => {
      const plain = isTag(value) ? value.value : value;
      const date = parseTimestamp(schema, plain, TIMESTAMP_EPOCH_SECONDS);
      if (date === undefined) {
        throw wrongType(schema, value, "a timestamp");
      }
      return date;
    };
  }
  if (schema.isBlobSchema()) {
    return (value) => {
      if (value instanceof Uint8Array) {
        return value;
      }
      if (typeof value !== "string" || format.kind === "cbor") {
        throw wrongType(schema, value, "base64 text");
      }
      return new Uint8Array(Buffer.from(value, format.blobs === "text" ? "utf8" : "base64"));
    };
  }
  if (schema.isBooleanSchema()) {
    return (value) => expect(schema, value, "boolean");
  }
  if (schema.isNumericSchema()) {
    return (value) => {
      if (typeof value === "string" && ["NaN", "Infinity", "-Infinity"].includes(value)) {
        return Number(value);
      }
      return typeof value === "bigint" ? Number(value) : expect(schema, value, "number");
    };
  }
  if (schema.isBigIntegerSchema()) {
    return (value) => BigInt(value as number);
  }
  return schema.isStringSchema() ? (value) => expect(schema, value, "string") : (value) => value;
}

/** Writes a value by its schema into the tree that `JSON.stringify` or the CBOR encoder takes; undefined and null are left out. */
export function writeTree(schema: NormalizedSchema, value: unknown, format: TreeFormat): unknown {
  if (value === null || value === undefined) {
    return undefined;
  }
  if (schema.isStructSchema()) {
    const source = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const written = writeTree(member, source[name], format);
      if (written !== undefined) {
        result[wireName(name, member, format)] = written;
      }
    }
    return result;
  }
  if (schema.isListSchema()) {
    const member = schema.getValueSchema();
    return (value as unknown[]).map((item) => writeTree(member, item, format) ?? null);
  }
  if (schema.isMapSchema()) {
    const member = schema.getValueSchema();
    const entries = Object.entries(value as Record<string, unknown>).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, writeTree(member, item, format) ?? null]));
  }
  return writeScalar(schema, value, format);
}

function writeScalar(schema: NormalizedSchema, value: unknown, format: TreeFormat): unknown {
  if (schema.isTimestampSchema() && value instanceof Date) {
    if (format.kind === "cbor") {
      return tag({ tag: 1, value: value.getTime() / 1000 });
    }
    return formatTimestamp(schema, value, TIMESTAMP_EPOCH_SECONDS);
  }
  if (schema.isBlobSchema() && format.kind === "json") {
    return Buffer.from(value as Uint8Array).toString("base64");
  }
  if (typeof value === "number" && !Number.isFinite(value) && format.kind === "json") {
    return String(value);
  }
  return typeof value === "bigint" && format.kind === "json" ? Number(value) : value;
}

function wireName(name: string, member: NormalizedSchema, format: TreeFormat): string {
  return (format.useJsonName ? (member.getMergedTraits().jsonName as string | undefined) : undefined) ?? name;
}

function isTag(value: unknown): value is { tag: number; value: unknown } {
  return typeof value === "object" && value !== null && "tag" in value && "value" in value;
}

function expect(schema: NormalizedSchema, value: unknown, type: "string" | "number" | "boolean"): unknown {
  if (typeof value !== type) {
    throw wrongType(schema, value, `a ${type}`);
  }
  return value;
}

function expectObject(schema: NormalizedSchema, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrongType(schema, value, "an object");
  }
  return value as Record<string, unknown>;
}

function wrongType(schema: NormalizedSchema, value: unknown, expected: string): AwsError {
  const found = Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`;
  const where = schema.isMemberSchema() ? schema.getMemberName() : schema.getName();
  return new AwsError("SerializationException", `${where}: expected ${expected}, got ${found}.`, { status: 400 });
}
