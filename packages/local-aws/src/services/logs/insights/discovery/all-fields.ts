import { formatValue } from "../values/format-value.ts";
import { jsonFields } from "./json-fields.ts";
import { LAMBDA_FIELDS } from "./lambda-fields.ts";
import type { LogEvent } from "./log-event.ts";
import { writePointer } from "./record-pointer.ts";

/** Every field of an event with its text, as `GetLogRecord` gives them: times in milliseconds. */
export function allFields(event: LogEvent): Record<string, string> {
  const fields: Record<string, string> = {
    "@timestamp": String(event.time),
    "@ingestionTime": String(event.ingested),
    "@log": event.origin.log,
    "@logStream": event.origin.streamName(event.stream) ?? "",
    "@message": event.message,
    "@ptr": writePointer(event),
  };
  for (const [name, { read, type }] of Object.entries(LAMBDA_FIELDS)) {
    const text = formatValue(read(event.message), type);
    if (text !== undefined) {
      fields[name] = text;
    }
  }
  for (const [name, value] of jsonFields(event.json)) {
    fields[name] = formatValue(value, "raw") ?? "";
  }
  return fields;
}
