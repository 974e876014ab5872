import type { NormalizedSchema } from "@smithy/core/schema";
import { formatTimestamp, TIMESTAMP_DATE_TIME } from "./timestamps.ts";

/**
 * Writes a structure's members as XML, the way AWS Query and REST-XML do: lists in `<member>` elements (or flattened, or under
 * the name that the schema gives), empty lists as empty elements.
 *
 * @param skip - members that travel elsewhere (headers, status)
 */
export function writeMembers(
  schema: NormalizedSchema,
  value: Record<string, unknown>,
  skip: (member: NormalizedSchema) => boolean = () => false,
): string {
  let xml = "";
  for (const [name, member] of schema.structIterator()) {
    const traits = member.getMergedTraits();
    if (value[name] !== undefined && value[name] !== null && !traits.xmlAttribute && !skip(member)) {
      xml += writeNamed((member.getMemberTraits().xmlName as string | undefined) ?? name, member, value[name]);
    }
  }
  return xml;
}

/** Writes a structure as one element. */
export function writeElement(
  name: string,
  schema: NormalizedSchema,
  value: Record<string, unknown>,
  namespace?: string,
): string {
  const xmlns = namespace === undefined ? "" : ` xmlns="${namespace}"`;
  return `<${name}${xmlns}${attributes(schema, value)}>${writeMembers(schema, value)}</${name}>`;
}

function writeNamed(name: string, schema: NormalizedSchema, value: unknown): string {
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  if (schema.isListSchema()) {
    const member = schema.getValueSchema();
    const itemName = flat ? name : ((member.getMergedTraits().xmlName as string | undefined) ?? "member");
    const items = (value as unknown[]).map((item) => writeNamed(itemName, member, item)).join("");
    return flat ? items : `<${name}>${items}</${name}>`;
  }
  if (schema.isMapSchema()) {
    const key = (schema.getKeySchema().getMergedTraits().xmlName as string | undefined) ?? "key";
    const valueSchema = schema.getValueSchema();
    const valueName = (valueSchema.getMergedTraits().xmlName as string | undefined) ?? "value";
    const entryName = flat ? name : "entry";
    const entries = Object.entries(value as Record<string, unknown>)
      .filter(([, item]) => item !== undefined && item !== null)
      .map(
        ([k, item]) =>
          `<${entryName}><${key}>${escapeXml(k)}</${key}>${writeNamed(valueName, valueSchema, item)}</${entryName}>`,
      )
      .join("");
    return flat ? entries : `<${name}>${entries}</${name}>`;
  }
  if (schema.isStructSchema()) {
    return writeElement(name, schema, value as Record<string, unknown>);
  }
  return `<${name}>${escapeXml(writeText(schema, value))}</${name}>`;
}

function attributes(schema: NormalizedSchema, value: Record<string, unknown>): string {
  let text = "";
  for (const [name, member] of schema.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.xmlAttribute && value[name] !== undefined) {
      const attribute = (traits.xmlName as string | undefined) ?? name;
      // The only attribute of the services here is `xsi:type`, of S3's grantees.
      const xmlns = attribute.startsWith("xsi:") ? ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' : "";
      text += `${xmlns} ${attribute}="${escapeXml(String(value[name]))}"`;
    }
  }
  return text;
}

/** A scalar as text, for XML elements. */
function writeText(schema: NormalizedSchema, value: unknown): string {
  if (schema.isTimestampSchema() && value instanceof Date) {
    return String(formatTimestamp(schema, value, TIMESTAMP_DATE_TIME));
  }
  return schema.isBlobSchema() ? Buffer.from(value as Uint8Array).toString("base64") : String(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

/** Escapes text for XML; characters that XML 1.0 cannot carry at all become U+FFFD, as AWS does. */
export function escapeXml(text: string): string {
  return (
    text
      .replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML forbids
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, "\uFFFD")
  );
}
