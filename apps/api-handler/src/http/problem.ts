/** One thing that is wrong with a request, and where: in the body (RFC 6901 pointer), the query string or a header. */
export type ProblemDetail =
  | { detail: string; pointer: string }
  | { detail: string; parameter: string }
  | { detail: string; header: string };

/** Every kind of answer that is not a success. The contract lists them per operation. */
export const PROBLEMS = {
  "malformed-request": { status: 400, title: "The request cannot be read" },
  "invalid-request": { status: 400, title: "The request is not valid" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "not-acceptable": { status: 406, title: "Not acceptable" },
  conflict: { status: 409, title: "The item is being changed by others" },
  "precondition-failed": { status: 412, title: "The item has changed" },
  "body-too-large": { status: 413, title: "The request body is too large" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  "idempotency-key-reused": { status: 422, title: "The idempotency key was used for another request" },
  "precondition-required": { status: 428, title: "A precondition is required" },
  "internal-error": { status: 500, title: "Internal error" },
  "temporarily-unavailable": { status: 503, title: "Temporarily unavailable" },
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

/** What `type` begins with; the kind follows. */
export const PROBLEM_TYPE_PREFIX = "urn:items-api:problem:";

/**
 * An answer that is not a success, thrown by whoever finds it and written by the handler as problem details (RFC 9457).
 * Everything in it is shown to the client, except `cause`, which goes to the log.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly errors: readonly ProblemDetail[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    kind: ProblemKind,
    detail: string,
    options: { errors?: readonly ProblemDetail[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.type = `${PROBLEM_TYPE_PREFIX}${kind}`;
    this.status = PROBLEMS[kind].status;
    this.title = PROBLEMS[kind].title;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }
}

/** A request that is understood and not valid, with each thing that is wrong. */
export function invalid(where: string, errors: readonly ProblemDetail[]): Problem {
  const count = errors.length;
  return new Problem("invalid-request", `${where} ${count} invalid ${count === 1 ? "field" : "fields"}.`, {
    errors: errors.slice(0, MAX_REPORTED),
  });
}

const MAX_REPORTED = 20;
