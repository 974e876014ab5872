import { AwsError } from "../../../core/aws-error.ts";

/** A compiled filter pattern of CloudWatch Logs. */
export interface FilterPattern {
  /** How many regular expressions it has: there are quotas of them. */
  readonly regexes: number;
  /** What the pattern found in the event, or `undefined` when it does not match. */
  match(event: LogText): PatternMatch | undefined;
}

/** A match of a {@link FilterPattern}. */
export interface PatternMatch {
  /** The value of a selector: `$.latency` in JSON, `$bytes` or `$3` in space-delimited events. */
  value(selector: string): unknown;
  /** What `TestMetricFilter` shows: selectors of the pattern with their values. */
  extracted(): Record<string, string>;
}

/** A log event's text, parsed as JSON at most once however many patterns look at it. */
export class LogText {
  readonly text: string;
  #json: unknown;
  #parsed = false;

  constructor(text: string) {
    this.text = text;
  }

  /** The event as a JSON object or array, or `undefined` when it is neither. */
  get json(): unknown {
    if (!this.#parsed) {
      this.#parsed = true;
      this.#json = parseObject(this.text);
    }
    return this.#json;
  }
}

function parseObject(text: string): unknown {
  const start = text.search(/\S/);
  const first = text[start];
  if (first !== "{" && first !== "[") {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How CloudWatch Logs refuses a pattern. */
export function invalidPattern(reason: string): AwsError {
  return new AwsError("InvalidParameterException", `Invalid filter pattern: ${reason}`);
}

/** A match that extracts nothing. */
export const PLAIN_MATCH: PatternMatch = { value: () => undefined, extracted: () => ({}) };
