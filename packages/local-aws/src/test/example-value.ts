import type { NormalizedSchema } from "@smithy/core/schema";

/** Deeper than this, optional structures are left out: some shapes contain themselves. */
const DEEPEST = 4;

/**
 * A value with every member that a schema has, for round trips through the wire.
 *
 * @param leaveOut - members to skip, by name
 */
export function exampleValue(
  schema: NormalizedSchema,
  leaveOut: (memberName: string) => boolean = () => false,
  depth = 0,
): unknown {
  if (schema.isUnitSchema()) {
    return {};
  }
  if (schema.isStructSchema()) {
    const result: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      if (leaveOut(name) || member.isStreaming() || (depth >= DEEPEST && isNested(member))) {
        continue;
      }
      result[name] = exampleValue(member, leaveOut, depth + 1);
      if (schema.isUnionSchema()) {
        break;
      }
    }
    return result;
  }
  if (schema.isListSchema()) {
    const member = schema.getValueSchema();
    return [exampleValue(member, leaveOut, depth + 1), exampleValue(member, leaveOut, depth + 1)];
  }
  if (schema.isMapSchema()) {
    const member = schema.getValueSchema();
    return { one: exampleValue(member, leaveOut, depth + 1), two: exampleValue(member, leaveOut, depth + 1) };
  }
  return exampleScalar(schema);
}

function exampleScalar(schema: NormalizedSchema): unknown {
  if (schema.isTimestampSchema()) {
    return new Date("2026-02-03T04:05:06Z");
  }
  if (schema.isBlobSchema()) {
    return new Uint8Array([0, 1, 127, 128, 255]);
  }
  if (schema.isBooleanSchema()) {
    return true;
  }
  if (schema.isNumericSchema() || schema.isBigIntegerSchema()) {
    return 7;
  }
  if (schema.isDocumentSchema()) {
    return { some: ["document", 1] };
  }
  // Header values lose spaces at their ends, so the text has none there; its middle has what XML and URLs must escape.
  const traits = schema.getMergedTraits();
  return traits.httpHeader || traits.httpPrefixHeaders
    ? "plain-text"
    : `a & b <c> "d" é /${schema.getMemberName() ?? ""}`;
}

function isNested(schema: NormalizedSchema): boolean {
  if (schema.isListSchema() || schema.isMapSchema()) {
    return isNested(schema.getValueSchema());
  }
  return schema.isStructSchema();
}
