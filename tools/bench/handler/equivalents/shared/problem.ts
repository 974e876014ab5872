/** One thing that is wrong with a request, and where. */
export type ProblemDetail = { readonly detail: string } & Readonly<
  Partial<Record<"pointer" | "parameter" | "header", string>>
>;

const problems = {
  "malformed-request": [400, "The request cannot be read"],
  "invalid-request": [400, "The request is not valid"],
  "not-found": [404, "Not found"],
  "method-not-allowed": [405, "Method not allowed"],
  "not-acceptable": [406, "Not acceptable"],
  conflict: [409, "The item is being changed by others"],
  "precondition-failed": [412, "The item has changed"],
  "body-too-large": [413, "The request body is too large"],
  "unsupported-media-type": [415, "Unsupported media type"],
  "idempotency-key-reused": [422, "The idempotency key was used before"],
  "precondition-required": [428, "The request must be conditional"],
  "internal-error": [500, "Internal error"],
  "temporarily-unavailable": [503, "Temporarily unavailable"],
} as const;

/** An answer that is not a success, thrown by whoever finds it. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly title: string;
  readonly type: string;
  readonly errors: readonly ProblemDetail[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    kind: keyof typeof problems,
    detail: string,
    {
      errors = [],
      headers = {},
      cause,
    }: { errors?: readonly ProblemDetail[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, { cause });
    [this.status, this.title] = problems[kind];
    this.type = `urn:items-api:problem:${kind}`;
    this.errors = errors;
    this.headers = headers;
  }

  /** The problem details document (RFC 9457). */
  toBody(instance: string, requestId: string) {
    const { type, title, status, message: detail, errors } = this;
    return { type, title, status, detail, instance, requestId, ...(errors.length === 0 ? {} : { errors }) };
  }
}
