import { cutText } from "./cut-text.ts";
import { factsOfLine } from "./facts-of-line.ts";
import { normaliseMessage } from "./normalise-message.ts";
import { ownFrame } from "./own-frame.ts";

/** What tells one error from another, wherever and whenever it happens. */
export interface ErrorFingerprint {
  /** The same for the same error, also in another process, version or year: a line of text that people can read. */
  readonly id: string;
  /** `TypeError`, `Sandbox.Timedout`, `Runtime.ExitError`; `Error` where none is named. */
  readonly errorClass: string;
  /** The message with what varies replaced by its kind: `<uuid>`, `<number>`, `<arn>`. */
  readonly message: string;
  /** Function and file of the first stack frame that is the application's own, without line numbers; absent without a stack. */
  readonly place?: string;
  /** `createItem`; absent where the line does not say. */
  readonly operation?: string;
}

/** No name in a fingerprint is longer. */
const LONGEST_NAME = 100;

/** Lambda's own messages vary in nothing but what they say: `exit status 3` is another end than `exit status 1`. */
const TAKEN_AS_THEY_ARE: ReadonlySet<string> = new Set(["Runtime.ExitError"]);

/**
 * The fingerprint of a log event that is an error: a line of our functions, one of Lambda's or API Gateway's own, or a text that
 * begins with a level or an error's class.
 *
 * @param line - message of a log event, which may have several lines
 * @returns `undefined` for a line that is no error
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export function errorFingerprint(line: string): ErrorFingerprint | undefined {
  const facts = factsOfLine(line);
  if (facts === undefined) {
    return undefined;
  }
  const errorClass = nameOf(facts.errorClass);
  const message = TAKEN_AS_THEY_ARE.has(errorClass)
    ? cutText(facts.message, LONGEST_NAME)
    : normaliseMessage(facts.message);
  const frame = ownFrame(facts.stack);
  const place = frame === undefined ? undefined : nameOf(frame);
  const operation = facts.operation === undefined ? undefined : nameOf(facts.operation);
  return {
    id: [
      `${errorClass}: ${message}`,
      ...(place === undefined ? [] : [`at ${place}`]),
      ...(operation === undefined ? [] : [`in ${operation}`]),
    ].join(" "),
    errorClass,
    message,
    ...(place === undefined ? {} : { place }),
    ...(operation === undefined ? {} : { operation }),
  };
}

function nameOf(text: string): string {
  return cutText(text.replace(/\s+/g, " ").trim(), LONGEST_NAME);
}
