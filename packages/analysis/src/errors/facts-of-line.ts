import { type ErrorFacts, factsOfText } from "./error-facts.ts";
import { factsOfRecord } from "./facts-of-record.ts";

/** `2026-11-28T09:00:00.000Z\tREQUEST-ID\tERROR\t...`: Lambda's text format. */
const LAMBDA_TEXT = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t[^\t]*\t(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)(?:\t([\s\S]*))?$/;

/** A text that calls itself an error: `[ERROR] ...`, `ERROR: ...`, `2026-11-28 09:00:00,000 CRITICAL ...`. */
const CALLED_ERROR = /^(?:\d{4}-\d\d-\d\d[T ][\d:.,]+Z?\s+)?\[?(?:ERROR|FATAL|CRITICAL)(?:\]|\b)[\s:-]*([\s\S]*)$/;

/** A text that begins with an error's class. */
const NAMED_ERROR = /^(?:Uncaught |Unhandled )?(?:[A-Za-z_$][\w$.]*)?(?:Error|Exception)(?: \[\w+\])?: /;

/** What Lambda and API Gateway write themselves. */
const SERVICE_LINES: readonly (readonly [RegExp, (found: RegExpExecArray) => ErrorFacts])[] = [
  [/\bTask timed out after [\d.]+ seconds/, ([message]) => ({ errorClass: "Sandbox.Timedout", message, stack: [] })],
  [
    /^RequestId: \S+ (?:Error: )?(Runtime exited [^\r\n]*)(?:\r?\n([\w.]+))?/,
    ([, message = "", errorClass = "Runtime.ExitError"]) => ({ errorClass, message, stack: [] }),
  ],
  [
    /^REPORT RequestId: [\s\S]*\tError Type: (Runtime\.OutOfMemory)\b/,
    ([, errorClass = ""]) => ({ errorClass, message: "the function used more memory than it has", stack: [] }),
  ],
  [
    /^\([\w-]+\) (?:Lambda execution failed|Execution failed due to) ([\s\S]*)$/,
    ([, message = ""]) => ({ errorClass: "ApiGateway.ExecutionFailed", message, stack: [] }),
  ],
];

/** What a log event says about an error; `undefined` when it is about none. */
export function factsOfLine(line: string): ErrorFacts | undefined {
  const text = line.trim();
  const record = parseObject(text);
  if (record !== undefined) {
    return factsOfRecord(record, false);
  }
  for (const [pattern, factsOf] of SERVICE_LINES) {
    const found = pattern.exec(text);
    if (found !== null) {
      return factsOf(found);
    }
  }
  const [, level, told = ""] = LAMBDA_TEXT.exec(text) ?? [];
  if (level !== undefined) {
    return factsOfTold(told, level === "ERROR" || level === "FATAL");
  }
  const [, called] = CALLED_ERROR.exec(text) ?? [];
  if (called !== undefined) {
    return factsOfTold(withoutLambdaPrefix(called), true);
  }
  return NAMED_ERROR.test(text) ? factsOfText(text) : undefined;
}

/** What follows after a level: a text, a record, or a title and a record (`Invoke Error\t{...}`). */
function factsOfTold(told: string, isError: boolean): ErrorFacts | undefined {
  const start = /^(?:[^{\t]*\t)?(?=\{)/.exec(told)?.[0].length;
  const record = start === undefined ? undefined : parseObject(told.slice(start));
  if (record !== undefined) {
    return factsOfRecord(record, isError);
  }
  return isError ? factsOfText(told) : undefined;
}

/** Python's format has time and request between level and message. */
function withoutLambdaPrefix(text: string): string {
  return text.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z\s+[\da-f-]{36}\s+/, "");
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith("{") || !text.endsWith("}")) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
