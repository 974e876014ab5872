import type { NormalizedSchema } from "@smithy/core/schema";

/** Numbers of the SDK's timestamp schemas: 4 takes the protocol's default. */
const TIMESTAMP_DEFAULT = 4;
export const TIMESTAMP_DATE_TIME = 5;
export const TIMESTAMP_HTTP_DATE = 6;
export const TIMESTAMP_EPOCH_SECONDS = 7;

/** A Smithy timestamp format. */
export type TimestampFormat = typeof TIMESTAMP_DATE_TIME | typeof TIMESTAMP_HTTP_DATE | typeof TIMESTAMP_EPOCH_SECONDS;

function formatOf(schema: NormalizedSchema, byDefault: TimestampFormat): TimestampFormat {
  const code = schema.getSchema();
  return code === TIMESTAMP_DEFAULT ? byDefault : (code as TimestampFormat);
}

/** A date in the format that the schema, or else the protocol, asks for. Epoch seconds are a number with milliseconds behind the point. */
export function formatTimestamp(schema: NormalizedSchema, date: Date, byDefault: TimestampFormat): string | number {
  switch (formatOf(schema, byDefault)) {
    case TIMESTAMP_DATE_TIME:
      return date.toISOString().replace(".000Z", "Z");
    case TIMESTAMP_HTTP_DATE:
      return date.toUTCString();
    case TIMESTAMP_EPOCH_SECONDS:
      return date.getTime() / 1000;
  }
}

/** Reads a date generously: clients write numbers, numbers in text, and both date formats. `undefined` when it is none of these. */
export function parseTimestamp(schema: NormalizedSchema, value: unknown, byDefault: TimestampFormat): Date | undefined {
  const epoch = formatOf(schema, byDefault) === TIMESTAMP_EPOCH_SECONDS;
  if (typeof value === "number" || (typeof value === "string" && epoch && /^-?[\d.]+(e\d+)?$/i.test(value))) {
    return new Date(Math.round(Number(value) * 1000));
  }
  if (value instanceof Date) {
    return value;
  }
  const milliseconds = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds);
}
