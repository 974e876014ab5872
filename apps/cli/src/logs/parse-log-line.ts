import { type LambdaReport, LOG_LEVELS, type LoggedError, type LogLevel, type LogLine } from "./log-line.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a line of a log: a JSON line of a function or of an API's access log, one that Lambda writes in its text format or in its JSON
 * format, or what `console` writes in Lambda's text format. Everything else comes back as text.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
 */
export function parseLogLine(message: string): LogLine {
  const line = message.trimEnd();
  const fields = jsonObject(line);
  return (fields === undefined ? parseText(line) : parseFields(fields)) ?? { kind: "text", message: line };
}

/** The object that a JSON line is; `undefined` for any other text. */
export function jsonObject(text: string): Fields | undefined {
  if (!text.startsWith("{")) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const CONSOLE = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t(\S+)\t(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\t([\s\S]*)$/;
const TIMEOUT = /^\d{4}-\d\d-\d\dT[\d:.]+Z (\S+) (Task timed out after [\d.]+ seconds)$/;
const FAILURE = /^RequestId: (\S+) (Error: [\s\S]+|Process exited before completing request)$/;

function parseText(line: string): LogLine | undefined {
  const start = /^START RequestId: (\S+) Version: (\S+)/.exec(line);
  if (start !== null) {
    return { kind: "boundary", requestId: start[1], version: start[2] };
  }
  const end = /^END RequestId: (\S+)/.exec(line);
  if (end !== null || line.startsWith("INIT_START ")) {
    return { kind: "boundary", ...(end === null ? {} : { requestId: end[1] }) };
  }
  if (/^(INIT_)?REPORT /.test(line)) {
    return parseReport(line);
  }
  const [, id, failure = ""] = TIMEOUT.exec(line) ?? FAILURE.exec(line) ?? [];
  if (id !== undefined) {
    return { kind: "message", level: "ERROR", requestId: id, message: failure.replaceAll(/\s*\n\s*/g, ", ") };
  }
  const [, requestId, level, text] = CONSOLE.exec(line) ?? [];
  return text === undefined ? undefined : parseConsole(text, level as LogLevel, requestId);
}

/** What fails outside of a handler is written as a text, a tab and the error as JSON. */
function parseConsole(text: string, level: LogLevel, id: string | undefined): LogLine {
  const about = { kind: "message", level, ...(id === "undefined" ? {} : { requestId: id }) } as const;
  const cut = text.indexOf("\t{");
  const error = cut === -1 ? undefined : loggedError(jsonObject(text.slice(cut + 1)));
  return error === undefined ? { ...about, message: text } : { ...about, message: text.slice(0, cut).trimEnd(), error };
}

/** `REPORT RequestId: 1\tDuration: 3.41 ms\t...`, with tracing also `XRAY TraceId: ...`. */
function parseReport(line: string): LogLine {
  const values = new Map(
    line
      .replace(/^REPORT |^INIT_REPORT /, "")
      .split(/[\t\n]+/)
      .map((part) => {
        const colon = part.indexOf(": ");
        return [part.slice(0, colon), part.slice(colon + 2)] as const;
      }),
  );
  const measure = (name: string) => {
    const value = Number.parseFloat(values.get(name) ?? "");
    return Number.isNaN(value) ? undefined : value;
  };
  return reportLine(values.get("RequestId"), {
    durationMs: measure("Duration"),
    billedMs: measure("Billed Duration"),
    memorySizeMb: measure("Memory Size"),
    maxMemoryUsedMb: measure("Max Memory Used"),
    initMs: measure("Init Duration"),
    status: values.get("Status"),
    errorType: values.get("Error Type"),
  });
}

function reportLine(requestId: string | undefined, { status, ...report }: LambdaReport): LogLine {
  const isBad = status !== undefined && status !== "success";
  return {
    kind: "report",
    ...(isBad ? { level: "ERROR" as const } : {}),
    ...(requestId === undefined ? {} : { requestId }),
    report: { ...defined(report), ...(isBad ? { status } : {}) },
  };
}

function parseFields(fields: Fields): LogLine | undefined {
  if (typeof fields.type === "string" && fields.type.startsWith("platform.") && isObject(fields.record)) {
    return parsePlatform(fields.type, fields.record);
  }
  const facts = defined({
    level: levelOf(fields.level),
    requestId: text(fields.requestId),
    version: text(fields.functionVersion),
  });
  const place = defined({
    operation: text(fields.operation),
    method: text(fields.method) ?? text(fields.httpMethod),
    path: pathOf(fields),
  });
  const status = number(fields.status);
  if (status !== undefined && (place.operation ?? place.method) !== undefined) {
    // The gateway's own word where no function was asked, or it failed.
    const said = text(fields.integrationErrorMessage) ?? text(fields.errorMessage);
    return {
      ...{ kind: "request", ...facts, ...place, status, isColdStart: fields.coldStart === true },
      ...defined({ durationMs: number(fields.durationMs) ?? number(fields.responseLatency), message: said }),
    };
  }
  const { message } = fields;
  const error = loggedError(fields.error) ?? loggedError(message);
  if (facts.level === undefined && typeof message !== "string" && error === undefined) {
    return undefined;
  }
  const details = Object.fromEntries(Object.entries(fields).filter(([name]) => !KNOWN.has(name)));
  return {
    ...{ kind: "message", ...facts, ...place },
    message: typeof message === "string" ? message : error === undefined ? JSON.stringify(message ?? "") : "",
    ...(error === undefined ? {} : { error }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

/** Fields that have a place of their own, that the event says already, or that are for machines. */
const KNOWN = new Set([
  ...["level", "time", "timestamp", "message", "requestId", "traceId", "functionVersion"],
  ...["operation", "method", "httpMethod", "path", "resourcePath", "error", "_aws"],
]);

function parsePlatform(type: string, record: Fields): LogLine {
  const requestId = text(record.requestId);
  if (type !== "platform.report" && !(type === "platform.initReport" && record.status !== "success")) {
    const version = type === "platform.start" ? text(record.version) : undefined;
    return { kind: "boundary", ...defined({ requestId, version }) };
  }
  const metrics = isObject(record.metrics) ? record.metrics : {};
  const isInit = type === "platform.initReport";
  return reportLine(requestId, {
    durationMs: isInit ? undefined : number(metrics.durationMs),
    billedMs: number(metrics.billedDurationMs),
    memorySizeMb: number(metrics.memorySizeMB),
    maxMemoryUsedMb: number(metrics.maxMemoryUsedMB),
    initMs: isInit ? number(metrics.durationMs) : number(metrics.initDurationMs),
    status: text(record.status),
    errorType: text(record.errorType),
  });
}

/** `{ name, message, stack }` as our lines have it, or `{ errorType, errorMessage, stack | stackTrace }` as Lambda's have. */
function loggedError(value: unknown): LoggedError | undefined {
  if (!isObject(value)) {
    return undefined;
  }
  const name = text(value.name) ?? text(value.errorType);
  const message = text(value.message) ?? text(value.errorMessage);
  const frames = value.stack ?? value.stackTrace;
  const stack = Array.isArray(frames) ? frames.join("\n") : text(frames);
  if (name === undefined && message === undefined) {
    return undefined;
  }
  return defined({ name, message, stack: stack === undefined ? undefined : framesOf(stack) });
}

/** An error's stack begins with its name and message, which may have several lines. */
function framesOf(stack: string): string | undefined {
  const first = stack.search(/^\s*at /m);
  return first === -1 ? undefined : stack.slice(first).trimEnd();
}

function levelOf(value: unknown): LogLevel | undefined {
  const level = typeof value === "string" ? value.toUpperCase() : "";
  return level === "WARNING" ? "WARN" : LOG_LEVELS.find((each) => each === level);
}

/** The template of the path where there is one: it says what was asked without saying for whom. */
function pathOf({ resourcePath, path }: Fields): string | undefined {
  return text(resourcePath) ?? text(path);
}

/** API Gateway writes `-` for what a request does not have. */
function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value !== "-" ? value : undefined;
}

/** Access logs have their numbers as texts. */
function number(value: unknown): number | undefined {
  const read = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof read === "number" && Number.isFinite(read) ? read : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Without members that are `undefined`. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
