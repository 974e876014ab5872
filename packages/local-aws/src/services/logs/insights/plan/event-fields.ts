import { jsonFieldReader } from "../discovery/json-fields.ts";
import { LAMBDA_FIELDS } from "../discovery/lambda-fields.ts";
import { writePointer } from "../discovery/record-pointer.ts";
import type { FieldReference } from "../language/ast.ts";
import type { Compiled } from "./compiled.ts";

/** Columns of the events' table that a query has to read, beside the time, the id and the length. */
export interface NeededColumns {
  message: boolean;
  stream: boolean;
  ingested: boolean;
}

/** The columns that a field takes. */
interface EventField extends Compiled {
  readonly needs?: keyof NeededColumns;
}

const SYSTEM_FIELDS: Readonly<Record<string, EventField>> = {
  "@timestamp": { type: "timestamp", get: ({ event }) => event?.time },
  "@message": { type: "raw", get: ({ event }) => event?.message, needs: "message" },
  "@ingestionTime": { type: "timestamp", get: ({ event }) => event?.ingested, needs: "ingested" },
  "@logStream": { type: "raw", get: ({ event }) => event?.origin.streamName(event.stream), needs: "stream" },
  "@log": { type: "raw", get: ({ event }) => event?.origin.log },
  "@ptr": { type: "raw", get: ({ event }) => (event === undefined ? undefined : writePointer(event)) },
};

/** Finds the field of an event: one of CloudWatch Logs, one of a Lambda line, or one of JSON. Notes what has to be read for it. */
export function eventField({ parts }: FieldReference, needs: NeededColumns): Compiled {
  const name = parts.join(".");
  const field = Object.hasOwn(SYSTEM_FIELDS, name) ? SYSTEM_FIELDS[name] : undefined;
  if (field !== undefined) {
    if (field.needs !== undefined) {
      needs[field.needs] = true;
    }
    return field;
  }
  const lambda = Object.hasOwn(LAMBDA_FIELDS, name) ? LAMBDA_FIELDS[name] : undefined;
  // What begins with @ is CloudWatch Logs's own; a field of JSON that does so has one more in front.
  if (lambda === undefined && /^@(?!@)/.test(name)) {
    return { type: "raw", get: () => undefined };
  }
  needs.message = true;
  if (lambda !== undefined) {
    return { type: lambda.type, get: ({ event }) => (event === undefined ? undefined : lambda.read(event.message)) };
  }
  const read = jsonFieldReader(name);
  return {
    type: "raw",
    get: ({ event }) => (event === undefined ? undefined : read(event.json, event.message.length)),
  };
}
