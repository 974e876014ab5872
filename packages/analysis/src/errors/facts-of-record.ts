import { type ErrorFacts, factsOfText, UNNAMED_CLASS } from "./error-facts.ts";

type JsonObject = Readonly<Record<string, unknown>>;

type Severity = "harmless" | "warning" | "error" | "unknown";

const SEVERITIES: Readonly<Record<string, Severity>> = {
  ...{ TRACE: "harmless", DEBUG: "harmless", INFO: "harmless", NOTICE: "harmless" },
  ...{ WARN: "warning", WARNING: "warning" },
  ...{ ERROR: "error", FATAL: "error", CRITICAL: "error" },
};

/**
 * The facts of a log event that is a JSON object: our own lines (`level`, `message`, `error`), Lambda's JSON format (`errorType`,
 * `errorMessage`, `stackTrace`, in the line or in its `message`), and the error that Node.js's runtime writes.
 *
 * A line below ERROR counts when it carries an error: an answer of 503 is a warning to us, and an error to who got it.
 *
 * @param isError - whether what stands before the object says that it is an error
 */
export function factsOfRecord(record: JsonObject, isError: boolean): ErrorFacts | undefined {
  if (record.type === "platform.report") {
    return factsOfReport(objectOf(record.record));
  }
  const severity = isError ? "error" : severityOf(record.level);
  if (severity === "harmless") {
    return undefined;
  }
  const carried =
    errorOf(record.error) ??
    errorOf(record.err) ??
    errorOf(record.message) ??
    ("errorType" in record || "errorMessage" in record || "stack" in record ? errorOf(record) : undefined);
  const operation = textOf(record.operation);
  const about = operation === undefined ? {} : { operation };
  if (carried !== undefined) {
    return { ...carried, ...about };
  }
  if (severity !== "error") {
    return undefined;
  }
  const told = textOf(record.message) ?? textOf(record.msg) ?? textOf(record.error) ?? JSON.stringify(record);
  return { ...factsOfText(told), ...about };
}

/** By name, or by the numbers of bunyan and pino. */
function severityOf(level: unknown): Severity {
  if (typeof level === "number") {
    return level >= 50 ? "error" : level >= 40 ? "warning" : "harmless";
  }
  return SEVERITIES[textOf(level)?.toUpperCase() ?? ""] ?? "unknown";
}

/** An object in one of the shapes of an error. */
function errorOf(value: unknown): ErrorFacts | undefined {
  const error = objectOf(value);
  if (error === undefined) {
    return undefined;
  }
  const isLambdas = "errorType" in error || "errorMessage" in error;
  const isOurs = "stack" in error || ("name" in error && "message" in error);
  // What was thrown without being an error.
  const isThrown = "message" in error && Object.keys(error).length === 1;
  if (!(isLambdas || isOurs || isThrown)) {
    return undefined;
  }
  return {
    errorClass: textOf(error.errorType) || textOf(error.name) || UNNAMED_CLASS,
    message: textOf(error.errorMessage) ?? textOf(error.message) ?? "",
    stack: linesOf(error.stackTrace) ?? linesOf(error.stack) ?? linesOf(error.trace) ?? [],
  };
}

/** Lambda's own record of an invocation. Other failures have a line of their own as well. */
function factsOfReport(report: JsonObject | undefined): ErrorFacts | undefined {
  switch (true) {
    case report?.status === "timeout":
      return { errorClass: "Sandbox.Timedout", message: "Task timed out", stack: [] };
    case report?.errorType === "Runtime.OutOfMemory":
      return { errorClass: "Runtime.OutOfMemory", message: "the function used more memory than it has", stack: [] };
    default:
      return undefined;
  }
}

function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function linesOf(value: unknown): string[] | undefined {
  if (typeof value === "string") {
    return value.split(/\r?\n/);
  }
  return Array.isArray(value) ? value.map(String) : undefined;
}
