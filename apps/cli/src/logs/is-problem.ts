import type { LogLine } from "./log-line.ts";

const FAULT = 500;

/**
 * Whether a line tells of something that went wrong on our side: an error, a warning that carries one, an answer of the 500s, an
 * invocation that Lambda ended. What a caller did wrong is none.
 */
export function isProblem(line: LogLine): boolean {
  return (
    line.level === "ERROR" ||
    line.level === "FATAL" ||
    line.error !== undefined ||
    (line.kind === "request" && line.status >= FAULT)
  );
}
