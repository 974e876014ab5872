/** What an {@link AwsError} may carry beside its code and message. */
export interface AwsErrorOptions {
  /** HTTP status; by default the one that the SDK's schema of the error names, or 400. */
  readonly status?: number;
  /** Further members of the error's shape, such as `BucketName` or `retryAfterSeconds`. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Extra response headers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * An error that AWS would answer with. Thrown by operations; the wire layer writes it in the caller's protocol.
 *
 * `code` is the name of the error's shape in the SDK where there is one (`NoSuchEntityException`: the Query protocol turns it
 * into `NoSuchEntity` by itself), otherwise the code that AWS documents (`AccessDenied`).
 */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly options: AwsErrorOptions;

  constructor(code: string, message: string, options: AwsErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.options = options;
  }
}
