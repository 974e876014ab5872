/** A failure of the runtime rather than of the function's code, in AWS's shape. */
export interface RuntimeFailure {
  /** `Runtime.ExitError`, `Runtime.InvalidEntrypoint`... */
  readonly errorType: string;
  readonly message: string;
  /** JSON: `{errorType, errorMessage}`. */
  readonly payload: Uint8Array;
}

const SIGNAL_NAMES: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: "aborted (core dumped)",
  SIGKILL: "killed",
  SIGTERM: "terminated",
  SIGSEGV: "segmentation fault",
  SIGINT: "interrupt",
};

/** The process has ended while it was needed. */
export function runtimeExit(reason: string, requestId: string | undefined): RuntimeFailure {
  return failure(
    "Runtime.ExitError",
    requestId === undefined ? `Error: ${reason}` : `RequestId: ${requestId} Error: ${reason}`,
  );
}

/** There is no process that could run the function. */
export function invalidEntrypoint(message: string): RuntimeFailure {
  return failure("Runtime.InvalidEntrypoint", message);
}

/** Lambda's words for the end of a process. */
export function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) {
    return `Runtime exited with error: signal: ${SIGNAL_NAMES[signal] ?? signal}`;
  }
  return code === 0 ? "Runtime exited without providing a reason" : `Runtime exited with error: exit status ${code}`;
}

function failure(errorType: string, message: string): RuntimeFailure {
  return { errorType, message, payload: Buffer.from(JSON.stringify({ errorType, errorMessage: message })) };
}
