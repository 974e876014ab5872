// Lambda's `console`: lines as AWS writes them, in the text format or in the JSON format of `LoggingConfig`.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
import { writeSync } from "node:fs";
import { format } from "node:util";
import { stackOf } from "./errors.mjs";

/** The pipe that carries one frame per log line, so that a line may contain line breaks. */
const LOG_FD = 4;

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const METHODS = {
  trace: "TRACE",
  debug: "DEBUG",
  log: "INFO",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
  fatal: "FATAL",
};

let requestId;

/** Names the invocation that lines belong to from now on. */
export function setRequestId(id) {
  requestId = id;
}

/** Writes one log line of the runtime itself: a failure with its record. */
export function logFailure(title, record) {
  write(line("ERROR", [title, JSON.stringify(record)], { title, record }));
}

/** Replaces the methods of `console`. */
export function patchConsole() {
  const threshold = json() ? Math.max(0, LEVELS.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL ?? "TRACE")) : 0;
  for (const [method, level] of Object.entries(METHODS)) {
    const wanted = LEVELS.indexOf(level) >= threshold;
    console[method] = (...values) => {
      if (isEmbeddedMetric(values)) {
        write(values[0]);
      } else if (wanted) {
        write(line(level, values));
      }
    };
  }
}

function json() {
  return process.env.AWS_LAMBDA_LOG_FORMAT === "JSON";
}

function line(level, values, failure) {
  const time = new Date().toISOString();
  if (!json()) {
    const text = failure ? values.join("\t") : format(...values);
    return `${time}\t${requestId}\t${level}\t${text}`;
  }
  const entry = { timestamp: time, level, requestId };
  if (failure) {
    const { errorType, errorMessage, stack } = failure.record;
    return JSON.stringify({ ...entry, message: { errorType, errorMessage, stackTrace: stack } });
  }
  if (values.length === 1) {
    try {
      return JSON.stringify({ ...entry, message: values[0] }, errorsAsObjects);
    } catch {
      return JSON.stringify({ ...entry, message: format(values[0]) });
    }
  }
  entry.message = format(...values);
  const error = values.find((value) => value instanceof Error);
  if (error) {
    Object.assign(entry, {
      errorType: error.constructor?.name ?? "UnknownError",
      errorMessage: error.message,
      stackTrace: stackOf(error),
    });
  }
  return JSON.stringify(entry);
}

function errorsAsObjects(_key, value) {
  return value instanceof Error
    ? {
        errorType: value.constructor?.name ?? "UnknownError",
        errorMessage: value.message,
        stackTrace: stackOf(value),
        ...value,
      }
    : value;
}

// CloudWatch only finds metrics in a log event that is the embedded metric document itself.
function isEmbeddedMetric(values) {
  const [text] = values;
  if (values.length !== 1 || typeof text !== "string" || !text.startsWith("{") || !text.includes('"_aws"')) {
    return false;
  }
  try {
    return Array.isArray(JSON.parse(text)._aws?.CloudWatchMetrics);
  } catch {
    return false;
  }
}

// Synchronous, so that every line is in the pipe before the answer of the invocation is sent, and before a crash.
function write(text) {
  const body = Buffer.from(text);
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32BE(body.length);
  frame.set(body, 4);
  for (let sent = 0; sent < frame.length; ) {
    sent += writeSync(LOG_FD, frame, sent);
  }
}
