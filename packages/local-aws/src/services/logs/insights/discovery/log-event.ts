import { jsonFragment } from "./json-fragment.ts";
import { isLambdaText } from "./lambda-fields.ts";

/** What is known of an event's group and streams. */
export interface EventOrigin {
  /** `account:group` */
  readonly log: string;
  readonly group: number;
  readonly groupName: string;
  streamName(stream: number): string | undefined;
}

/** One log event, as far as the query asked for its columns. */
export class LogEvent {
  readonly origin: EventOrigin;
  readonly time: number;
  readonly id: number;
  readonly message: string;
  readonly stream: number;
  readonly ingested: number;
  /** What the message is as JSON; `null` until somebody asks. */
  #json: { readonly root: unknown } | null = null;

  constructor(origin: EventOrigin, time: number, id: number, message: string, stream: number, ingested: number) {
    this.origin = origin;
    this.time = time;
    this.id = id;
    this.message = message;
    this.stream = stream;
    this.ingested = ingested;
  }

  /** The message as JSON, or the first object within a line of a function; `undefined` when it is text. */
  get json(): unknown {
    this.#json ??= { root: parse(this.message, this.origin.groupName) };
    return this.#json.root;
  }
}

const FIRST_CHARACTER = /^\s*[{[]/;

function parse(message: string, groupName: string): unknown {
  if (FIRST_CHARACTER.test(message)) {
    const whole = parseJson(message);
    if (whole !== undefined) {
      return whole;
    }
  }
  const isLambda = groupName.startsWith("/aws/lambda/") || isLambdaText(message);
  const fragment = isLambda ? jsonFragment(message) : undefined;
  return fragment === undefined ? undefined : parseJson(fragment);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
