// Errors in the shapes that AWS's Runtime API and log lines use. Plain JavaScript: it runs in the function's process, on the
// function's Node.js version.

/** An error of the runtime itself, such as `Runtime.HandlerNotFound`. */
export class RuntimeFault extends Error {
  constructor(name, message, options) {
    super(message, options);
    this.name = name;
  }
}

/** What a rejected promise that nobody handled becomes. */
export function unhandledRejection(reason) {
  const fault = new RuntimeFault("Runtime.UnhandledPromiseRejection", String(reason));
  if (reason instanceof Error) {
    fault.stack = `${fault.name}: ${fault.message}\n${stackOf(reason).join("\n")}`;
  }
  return fault;
}

/**
 * The JSON that a failed invocation answers with.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
export function errorResponse(error) {
  if (error instanceof Error || looksLikeError(error)) {
    return {
      errorType: String(error.name ?? "Error"),
      errorMessage: String(error.message),
      trace: stackOf(error),
    };
  }
  return { errorType: typeof error, errorMessage: describe(error), trace: [] };
}

/** The JSON that the log line of a failed invocation carries: the response's members, and what else the error has. */
export function errorRecord(error) {
  if (!(error instanceof Error) && !looksLikeError(error)) {
    return { errorType: typeof error, errorMessage: describe(error), stack: [] };
  }
  const { trace, ...response } = errorResponse(error);
  return { ...response, ...error, name: undefined, message: undefined, stack: trace };
}

/** A stack as lines. */
export function stackOf(error) {
  return typeof error.stack === "string" ? error.stack.split("\n") : [];
}

// Errors of another realm (vm contexts, test doubles) are errors too.
function looksLikeError(value) {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof value.name === "string" &&
    typeof value.message === "string" &&
    typeof value.stack === "string"
  );
}

function describe(value) {
  try {
    return String(value);
  } catch {
    return "";
  }
}
