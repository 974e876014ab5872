import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../core/aws-error.ts";
import { parseTimestamp, TIMESTAMP_DATE_TIME } from "./timestamps.ts";

/** Form parameters as a tree: `Tags.member.1.Key=a` is `Tags -> member -> 1 -> Key`. */
interface Node {
  value?: string;
  readonly children: Map<string, Node>;
}

/**
 * Reads the form parameters of an AWS Query request by the operation's input schema.
 *
 * @throws AwsError `MalformedInput` when a number, boolean or time cannot be read
 */
export function readQuery(schema: NormalizedSchema, parameters: URLSearchParams): Record<string, unknown> {
  const root: Node = { children: new Map() };
  for (const [path, value] of parameters) {
    let node = root;
    for (const part of path.split(".")) {
      let child = node.children.get(part);
      if (child === undefined) {
        child = { children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.value = value;
  }
  return schema.isStructSchema() ? (read(schema, root) as Record<string, unknown>) : {};
}

function read(schema: NormalizedSchema, node: Node): unknown {
  if (schema.isStructSchema()) {
    const result: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const child = node.children.get((member.getMergedTraits().xmlName as string | undefined) ?? name);
      if (child !== undefined) {
        result[name] = read(member, child);
      }
    }
    return result;
  }
  if (schema.isListSchema()) {
    const member = schema.getValueSchema();
    const items = isFlat(schema) ? node : node.children.get(nameOf(member, "member"));
    return items === undefined ? [] : numbered(items).map((item) => read(member, item));
  }
  if (schema.isMapSchema()) {
    const entries = isFlat(schema) ? node : node.children.get("entry");
    const key = nameOf(schema.getKeySchema(), "key");
    const valueSchema = schema.getValueSchema();
    const value = nameOf(valueSchema, "value");
    return Object.fromEntries(
      (entries === undefined ? [] : numbered(entries)).flatMap((entry) => {
        const [keyNode, valueNode] = [entry.children.get(key), entry.children.get(value)];
        return keyNode?.value === undefined || valueNode === undefined
          ? []
          : [[keyNode.value, read(valueSchema, valueNode)]];
      }),
    );
  }
  return readText(schema, node.value ?? "");
}

function isFlat(schema: NormalizedSchema): boolean {
  return Boolean(schema.getMergedTraits().xmlFlattened);
}

function nameOf(schema: NormalizedSchema, byDefault: string): string {
  return (schema.getMergedTraits().xmlName as string | undefined) ?? byDefault;
}

function numbered(node: Node): Node[] {
  return [...node.children]
    .filter(([key]) => /^\d+$/.test(key))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}

/**
 * Reads a scalar from text, as form parameters, path labels, query parameters and headers carry it.
 *
 * @throws AwsError `MalformedInput`
 */
export function readText(
  schema: NormalizedSchema,
  text: string,
  timestampFormat: Parameters<typeof parseTimestamp>[2] = TIMESTAMP_DATE_TIME,
): unknown {
  if (schema.isTimestampSchema()) {
    const date = parseTimestamp(schema, text, timestampFormat) ?? parseTimestamp(schema, Number(text), timestampFormat);
    if (date === undefined || Number.isNaN(date.getTime())) {
      throw malformed(schema, text, "a timestamp");
    }
    return date;
  }
  if (schema.isBlobSchema()) {
    return new Uint8Array(Buffer.from(text, "base64"));
  }
  if (schema.isBooleanSchema()) {
    if (text !== "true" && text !== "false" && text !== "True" && text !== "False") {
      throw malformed(schema, text, "true or false");
    }
    return text.toLowerCase() === "true";
  }
  if (schema.isNumericSchema()) {
    const number = Number(text);
    if (text.trim() === "" || Number.isNaN(number)) {
      throw malformed(schema, text, "a number");
    }
    return number;
  }
  return text;
}

function malformed(schema: NormalizedSchema, text: string, expected: string): AwsError {
  const where = schema.isMemberSchema() ? schema.getMemberName() : schema.getName();
  return new AwsError("MalformedInput", `${where}: expected ${expected}, got '${text}'.`, { status: 400 });
}
