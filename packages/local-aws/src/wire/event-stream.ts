import { Readable } from "node:stream";
import { EventStreamCodec } from "@smithy/core/event-streams";
import type { NormalizedSchema } from "@smithy/core/schema";
import { fromUtf8, toUtf8 } from "@smithy/core/serde";
import { AwsError } from "../core/aws-error.ts";
import type { HttpResponse } from "../core/service.ts";

/** Writes a member of the operation's output as its protocol does. */
type WriteMember = (schema: NormalizedSchema, value: unknown) => string;

type MessageHeaders = Readonly<Record<string, string>>;

const codec = new EventStreamCodec(toUtf8, fromUtf8);
const CONTENT = { ":content-type": "application/json" };

/**
 * An answer that is a stream of events, in AWS's binary framing.
 *
 * The rest of the output goes ahead as `initial-response`, as the JSON protocols have it. An {@link AwsError} that the events
 * end with is written as the exception of that name where the stream has one, and as an error otherwise; anything else cuts
 * the connection. The events' iterator is returned when the client goes.
 *
 * @param member - of the output, that the events come in
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function eventStreamResponse(
  schema: NormalizedSchema,
  member: string,
  output: Readonly<Record<string, unknown>>,
  write: WriteMember,
): HttpResponse {
  const { [member]: events, ...initial } = output;
  const messages = writeMessages(
    schema.getMemberSchema(member),
    write(schema, initial),
    events as AsyncIterable<Record<string, unknown>>,
    write,
  );
  return {
    status: 200,
    headers: { "content-type": "application/vnd.amazon.eventstream" },
    body: Readable.from(messages, { objectMode: false }),
  };
}

async function* writeMessages(
  union: NormalizedSchema,
  initial: string,
  events: AsyncIterable<Record<string, unknown>>,
  write: WriteMember,
): AsyncGenerator<Uint8Array> {
  yield frame({ ":message-type": "event", ":event-type": "initial-response", ...CONTENT }, initial);
  try {
    for await (const event of events) {
      for (const [name, value] of Object.entries(event)) {
        const body = write(union.getMemberSchema(name), value);
        yield frame({ ":message-type": "event", ":event-type": name, ...CONTENT }, body);
      }
    }
  } catch (error) {
    if (!(error instanceof AwsError)) {
      throw error;
    }
    const { code, message } = error;
    yield code in union.getMemberSchemas()
      ? frame({ ":message-type": "exception", ":exception-type": code, ...CONTENT }, JSON.stringify({ message }))
      : frame({ ":message-type": "error", ":error-code": code, ":error-message": message }, "");
  }
}

function frame(headers: MessageHeaders, body: string): Uint8Array {
  const typed = Object.entries(headers).map(([name, value]) => [name, { type: "string" as const, value }] as const);
  return codec.encode({ headers: Object.fromEntries(typed), body: Buffer.from(body) });
}
